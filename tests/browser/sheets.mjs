// Puts pictures beside one another on sheets: `node sheets.mjs`, a JSON list in, a JSON list of files out.
// Each sheet: `file` (.webp), `width` of a picture on it, `columns`, `background`, `ink`, and `pictures` ({ file, name }).
import { readFileSync, writeFileSync } from "node:fs";
import { chromium } from "playwright-core";

const CHROMIUM = process.env.CHROMIUM || "/usr/bin/chromium";
const QUALITY = 0.5;

// Inside the page: every picture goes under the shortest column.
async function draw({ width, columns, background, ink, pictures }, quality) {
  const gap = 24;
  const label = 30;
  const images = await Promise.all(
    pictures.map(async ({ data }) => {
      const image = new Image();
      image.src = `data:image/png;base64,${data}`;
      await image.decode();
      return image;
    }),
  );
  const across = Math.min(columns, images.length);
  const bottoms = Array(across).fill(gap);
  const placed = images.map((image) => {
    const column = bottoms.indexOf(Math.min(...bottoms));
    const height = Math.round((image.naturalHeight * width) / image.naturalWidth);
    const top = bottoms[column];
    bottoms[column] += label + height + gap;
    return { image, left: gap + column * (width + gap), top, height };
  });
  const canvas = document.createElement("canvas");
  canvas.width = gap + across * (width + gap);
  canvas.height = Math.max(...bottoms);
  const brush = canvas.getContext("2d");
  brush.fillStyle = background;
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.fillStyle = ink;
  brush.font = '600 18px "Segoe UI", "Open Sans", sans-serif';
  brush.imageSmoothingQuality = "high";
  placed.forEach(({ image, left, top, height }, i) => {
    brush.fillText(pictures[i].name, left, top + 18, width);
    brush.drawImage(image, left, top + label, width, height);
  });
  return canvas.toDataURL("image/webp", quality).split(",")[1];
}

const sheets = JSON.parse(readFileSync(0, "utf8"));
const browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: ["--no-sandbox", "--disable-gpu"] });
try {
  const page = await browser.newPage();
  await page.setContent("<!doctype html><title>Sheets</title>");
  for (const sheet of sheets) {
    const pictures = sheet.pictures.map(({ file, name }) => ({ name, data: readFileSync(file).toString("base64") }));
    writeFileSync(sheet.file, Buffer.from(await page.evaluate(`(${draw})(${JSON.stringify({ ...sheet, pictures })}, ${QUALITY})`), "base64"));
  }
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(sheets.map((sheet) => sheet.file)));
