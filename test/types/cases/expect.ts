// Assertions about types. Knows no events.

/** Exactly the same type: `any`, `unknown`, optional and readonly are told apart. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles for `true` only. */
export type Expect<T extends true> = T;

/** Compiles when `value` has exactly the type `T`: `exactly<string>()(value)`. */
export declare function exactly<T>(): <V>(value: V, ...same: Equal<V, T> extends true ? [] : [never]) => void;
