// Reads IP addresses and networks written as texts. Does not know whose they are.

/** The 16 bytes of an address; IPv4 ones are `::ffff:a.b.c.d` (RFC 4291, section 2.5.5.2). */
export type IpBytes = readonly number[];

/** Networks somebody listed. */
export interface Network {
  readonly bytes: IpBytes;
  /** How many of the first bits are those of the network. */
  readonly bits: number;
}

const V4_PREFIX: IpBytes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
const ALL_BITS = 128;

/** The bytes of an address such as `10.0.0.7` or `fe80::1%eth0`; undefined for what is none. */
export function ipBytes(text: string): IpBytes | undefined {
  // Not the zone: it means something on this machine only (RFC 4007, section 11).
  return text.includes(":") ? v6Bytes(text.split("%", 1)[0] ?? "") : v4Bytes(text);
}

/** Whether these are the bytes of an IPv4 address. */
export function isV4(bytes: IpBytes): boolean {
  return V4_PREFIX.every((byte, index) => bytes[index] === byte);
}

/**
 * Reads a network such as `10.0.0.0/8` or `fd00::/8`; an address is a network of one.
 *
 * @throws {RangeError} For what is neither.
 */
export function networkOf(text: string): Network {
  const [address = "", size = "", ...rest] = text.split("/");
  const bytes = ipBytes(address);
  if (bytes === undefined || rest.length > 0) throw new RangeError(`"${text}" is no address and no network`);
  if (!text.includes("/")) return { bytes, bits: ALL_BITS };
  const offset = address.includes(":") ? 0 : V4_PREFIX.length * 8;
  const bits = /^\d{1,3}$/.test(size) ? offset + Number(size) : Number.NaN;
  if (!(bits <= ALL_BITS)) throw new RangeError(`"${text}" has a prefix of no 0 to ${ALL_BITS - offset} bits`);
  return { bytes, bits };
}

/** Whether an address is of a network. */
export function isWithin(bytes: IpBytes, network: Network): boolean {
  return bytes.every((byte, index) => {
    const bits = Math.min(8, Math.max(0, network.bits - index * 8));
    const differing = byte ^ (network.bytes[index] ?? 0);
    return differing >> (8 - bits) === 0;
  });
}

function v4Bytes(text: string): IpBytes | undefined {
  const parts = text.split(".");
  // No leading zeros: some read them as octal.
  const isByte = (part: string) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256;
  return parts.length === 4 && parts.every(isByte) ? [...V4_PREFIX, ...parts.map(Number)] : undefined;
}

function v6Bytes(text: string): IpBytes | undefined {
  // The runtime's own reader of URLs knows all the ways to write one, and writes it in one way.
  if (!/^[\da-f:.]+$/i.test(text) || !URL.canParse(`http://[${text}]`)) return undefined;
  const { hostname } = new URL(`http://[${text}]`);
  const [head = [], tail = []] = hostname.slice(1, -1).split("::").map(groupsOf);
  const groups = [...head, ...Array<number>(8 - head.length - tail.length).fill(0), ...tail];
  return groups.flatMap((group) => [group >> 8, group & 0xff]);
}

function groupsOf(text: string): number[] {
  return text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
}
