  // pages are put side by side when they are asked for; nothing in one runs, and nothing is fetched for it
  const side = (name, box) => {
    const part = document.createElement("div"), head = document.createElement("h3");
    head.textContent = name;
    part.append(head, box);
    return part;
  };
  const page = (html, name) => {
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "");
    frame.title = name;
    frame.srcdoc = `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><style>body{font:14px/1.6 system-ui,sans-serif;padding:.5rem;overflow-wrap:anywhere}pre{background:#f5f6f8;padding:.5rem;overflow:auto}td,th{border:1px solid #dcdfe4;padding:.1rem .5rem}table{border-collapse:collapse}img{border:1px dashed #8a919c;min-width:2rem;min-height:1rem}</style>${html}`;
    return frame;
  };
