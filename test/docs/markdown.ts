// Reads the parts of a Markdown page that can be checked: fences with what is said about them, links, headings.
// Checks nothing itself.

/** A fenced block. */
export interface Fence {
  /** The page it is on, from the project's folder. */
  readonly page: string;
  /** The line its code begins at, counted from 1. */
  readonly line: number;
  readonly language: string;
  readonly code: string;
  /** What the comment `<!-- snippet: … -->` right before it says; empty where there is none. */
  readonly directive: string;
}

/** A link or picture. */
export interface Link {
  readonly line: number;
  readonly target: string;
}

const FENCE = /^(`{3,})(\w*)[^\n]*\n([\s\S]*?)^\1\s*$/gm;
const DIRECTIVE = /<!--\s*snippet:((?:(?!-->)[\s\S])*)-->\s*$/;
const LINK = /!?\[(?:[^\][]|\[[^\]]*\])*\]\(([^)\s]+)\)|<img[^>]* src="([^"]+)"/g;

/** The fences of a page, in order. */
export function fencesOf(page: string, text: string): readonly Fence[] {
  return [...text.matchAll(FENCE)].map((match) => {
    const [, , language = "", code = ""] = match;
    const before = text.slice(0, match.index);
    return { page, line: before.split("\n").length + 1, language, code, directive: directiveAt(before) };
  });
}

function directiveAt(before: string): string {
  return DIRECTIVE.exec(before)?.[1]?.replace(/\s+/g, " ").trim() ?? "";
}

/** The links and pictures of a page, code left out. */
export function linksOf(text: string): readonly Link[] {
  const prose = text.replace(FENCE, blank).replace(/`[^`\n]*`/g, blank);
  return [...prose.matchAll(LINK)].map((match) => ({
    line: prose.slice(0, match.index).split("\n").length,
    target: match[1] ?? match[2] ?? "",
  }));
}

/** The anchors of a page: its headings in the form links to them take. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const headings = text.replace(FENCE, blank).matchAll(/^#{1,6} +(.+?) *$/gm);
  return new Set([...headings].map(([, heading = ""]) => anchorOf(heading)));
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, " ");
}
