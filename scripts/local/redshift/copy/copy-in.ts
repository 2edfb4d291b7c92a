import type pg from 'pg';

/** The COPY sub-protocol of PostgreSQL (https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-COPY). */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

/** Runs `COPY … FROM STDIN` with the chunks as its data. */
export const copyIn = (client: pg.ClientBase, text: string, chunks: AsyncGenerator<Buffer>): Promise<void> =>
  new Promise((resolve, reject) => {
    let failure: Error | undefined;
    const ignore = (): void => undefined;
    const send = async (connection: CopyConnection): Promise<void> => {
      try {
        for await (const chunk of chunks) {
          if (failure) return; // the server has refused a row already and reads no more
          connection.sendCopyFromChunk(chunk);
        }
        connection.endCopyFrom();
      } catch (error) {
        failure = error as Error;
        connection.sendCopyFail('the rows could not be read');
      }
    };
    const submittable = {
      submit: (connection: CopyConnection) => connection.query(text),
      handleCopyInResponse: (connection: CopyConnection) => void send(connection),
      handleError(error: Error) {
        failure ??= error;
        reject(failure);
      },
      handleReadyForQuery() {
        if (!failure) resolve();
      },
      handleRowDescription: ignore, handleDataRow: ignore, handlePortalSuspended: ignore, handleCommandComplete: ignore,
      handleEmptyQuery: ignore, handleCopyData: ignore,
    };
    client.query(submittable as unknown as pg.Submittable);
  });
