// Makes photos small before they are sent, for phones on stairs: at most 1600 px, JPEG, as the portal keeps them anyway.
// Where anything goes wrong the photo goes as it is; the portal checks and re-encodes every one.
(() => {
  "use strict";
  const LONGEST = 1600;
  const QUALITY = 0.85;
  const LIGHT = 300 * 1024; // bytes; lighter ones are sent as they are

  const shrunk = async (file) => {
    if (!file.type.startsWith("image/") || file.size < LIGHT) return file;
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.width * scale);
    canvas.height = Math.round(image.height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    image.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
  };

  // Forms come and go with htmx, so the document listens for all of them.
  document.addEventListener("change", async ({ target: field }) => {
    if (!field.matches?.('input[type="file"][accept*="image"]') || !field.files.length) return;
    const chosen = [...field.files];
    try {
      const files = await Promise.all(chosen.map((file) => shrunk(file).catch(() => file)));
      if (files.every((file, at) => file === chosen[at]) || field.files[0] !== chosen[0]) return;
      const transfer = new DataTransfer();
      files.forEach((file) => transfer.items.add(file));
      field.files = transfer.files;
    } catch {
      // an old browser: the photo stays as it was chosen
    }
  });
})();
