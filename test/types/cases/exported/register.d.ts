import * as v from "valibot";
import { EventRegister } from "zaptools";
export declare const chat: {
  readonly clientToServer: {
    "chat:say": v.ObjectSchema<
      {
        readonly text: v.SchemaWithPipe<
          readonly [v.StringSchema<undefined>, v.MaxLengthAction<string, 500, undefined>]
        >;
      },
      undefined
    >;
    "room:join": {
      request: import("zaptools").StandardSchema<
        {
          room: string;
        },
        {
          room: string;
        }
      >;
      reply: import("zaptools").StandardSchema<string[], string[]>;
      errors: {
        full: import("zaptools").StandardSchema<undefined, null>;
      };
    };
  };
  readonly serverToClient: {
    "chat:said": import("zaptools").StandardSchema<
      {
        text: string;
      },
      {
        text: string;
      }
    >;
  };
};
export declare const register: EventRegister<
  {
    readonly clientToServer: {
      "chat:say": v.ObjectSchema<
        {
          readonly text: v.SchemaWithPipe<
            readonly [v.StringSchema<undefined>, v.MaxLengthAction<string, 500, undefined>]
          >;
        },
        undefined
      >;
      "room:join": {
        request: import("zaptools").StandardSchema<
          {
            room: string;
          },
          {
            room: string;
          }
        >;
        reply: import("zaptools").StandardSchema<string[], string[]>;
        errors: {
          full: import("zaptools").StandardSchema<undefined, null>;
        };
      };
    };
    readonly serverToClient: {
      "chat:said": import("zaptools").StandardSchema<
        {
          text: string;
        },
        {
          text: string;
        }
      >;
    };
  },
  {
    name: string;
  }
>;
export declare const group: import("zaptools").EventGroup<
  {
    readonly clientToServer: {
      "chat:say": v.ObjectSchema<
        {
          readonly text: v.SchemaWithPipe<
            readonly [v.StringSchema<undefined>, v.MaxLengthAction<string, 500, undefined>]
          >;
        },
        undefined
      >;
      "room:join": {
        request: import("zaptools").StandardSchema<
          {
            room: string;
          },
          {
            room: string;
          }
        >;
        reply: import("zaptools").StandardSchema<string[], string[]>;
        errors: {
          full: import("zaptools").StandardSchema<undefined, null>;
        };
      };
    };
    readonly serverToClient: {
      "chat:said": import("zaptools").StandardSchema<
        {
          text: string;
        },
        {
          text: string;
        }
      >;
    };
  },
  {
    name: string;
  },
  "chat:"
>;
export declare const remove: () => void;
export declare const lobby: import("zaptools").Room<
  {
    readonly clientToServer: {
      "chat:say": v.ObjectSchema<
        {
          readonly text: v.SchemaWithPipe<
            readonly [v.StringSchema<undefined>, v.MaxLengthAction<string, 500, undefined>]
          >;
        },
        undefined
      >;
      "room:join": {
        request: import("zaptools").StandardSchema<
          {
            room: string;
          },
          {
            room: string;
          }
        >;
        reply: import("zaptools").StandardSchema<string[], string[]>;
        errors: {
          full: import("zaptools").StandardSchema<undefined, null>;
        };
      };
    };
    readonly serverToClient: {
      "chat:said": import("zaptools").StandardSchema<
        {
          text: string;
        },
        {
          text: string;
        }
      >;
    };
  },
  {
    name: string;
  },
  unknown
>;
export declare const everyone: import("zaptools").Selection<
  {
    readonly clientToServer: {
      "chat:say": v.ObjectSchema<
        {
          readonly text: v.SchemaWithPipe<
            readonly [v.StringSchema<undefined>, v.MaxLengthAction<string, 500, undefined>]
          >;
        },
        undefined
      >;
      "room:join": {
        request: import("zaptools").StandardSchema<
          {
            room: string;
          },
          {
            room: string;
          }
        >;
        reply: import("zaptools").StandardSchema<string[], string[]>;
        errors: {
          full: import("zaptools").StandardSchema<undefined, null>;
        };
      };
    };
    readonly serverToClient: {
      "chat:said": import("zaptools").StandardSchema<
        {
          text: string;
        },
        {
          text: string;
        }
      >;
    };
  },
  {
    name: string;
  }
>;
export declare const find: (id: string) =>
  | import("zaptools").WebSocketConnection<
      {
        readonly clientToServer: {
          "chat:say": v.ObjectSchema<
            {
              readonly text: v.SchemaWithPipe<
                readonly [v.StringSchema<undefined>, v.MaxLengthAction<string, 500, undefined>]
              >;
            },
            undefined
          >;
          "room:join": {
            request: import("zaptools").StandardSchema<
              {
                room: string;
              },
              {
                room: string;
              }
            >;
            reply: import("zaptools").StandardSchema<string[], string[]>;
            errors: {
              full: import("zaptools").StandardSchema<undefined, null>;
            };
          };
        };
        readonly serverToClient: {
          "chat:said": import("zaptools").StandardSchema<
            {
              text: string;
            },
            {
              text: string;
            }
          >;
        };
      },
      {
        name: string;
      }
    >
  | undefined;
