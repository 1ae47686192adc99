package mansio.serve.smtpserver;

import mansio.codec.message.HeaderRewriter.Side;
import mansio.codec.text.Address;
import mansio.serve.inbound.Inbound;
import mansio.serve.inbound.Origin;
import mansio.serve.inbound.Outcome;
import mansio.serve.inbound.Reception;
import mansio.serve.inbound.Transaction;

import java.io.IOException;
import java.util.Optional;

/**
 * Where a session puts its messages: {@link Inbound}; in tests a fake that fails when told to. Safe
 * for use by any thread.
 */
interface Intake {
    /** As {@link Inbound#maxMessageBytes}. */
    long maxMessageBytes();

    /** As {@link Inbound#forwards}. */
    boolean forwards(Origin origin);

    /** As {@link Inbound#mayReturn}. */
    boolean mayReturn(Address to);

    /** As {@link Inbound#isForeignBounce}. */
    boolean isForeignBounce(Origin origin, Optional<Address> reversePath, Address forwardPath)
            throws IOException;

    /** As {@link Inbound#reflects}. */
    boolean reflects(Origin origin, Optional<Address> reversePath, Address forwardPath)
            throws IOException;

    /** As {@link Inbound#rewritten}. */
    Address rewritten(Origin origin, Address address, Side side) throws IOException;

    /** As {@link Inbound#begin}. */
    Content begin(Transaction transaction) throws IOException;

    /** One message on its way in, as {@link Reception}. */
    interface Content {
        void write(byte[] from, int offset, int length) throws IOException;

        Outcome finish() throws IOException;

        void close();
    }

    /** The real one. */
    static Intake of(Inbound inbound) {
        return new Intake() {
            @Override
            public long maxMessageBytes() {
                return inbound.maxMessageBytes();
            }

            @Override
            public boolean forwards(Origin origin) {
                return inbound.forwards(origin);
            }

            @Override
            public boolean mayReturn(Address to) {
                return inbound.mayReturn(to);
            }

            @Override
            public boolean isForeignBounce(
                    Origin origin, Optional<Address> reversePath, Address forwardPath)
                    throws IOException {
                return inbound.isForeignBounce(origin, reversePath, forwardPath);
            }

            @Override
            public boolean reflects(
                    Origin origin, Optional<Address> reversePath, Address forwardPath)
                    throws IOException {
                return inbound.reflects(origin, reversePath, forwardPath);
            }

            @Override
            public Address rewritten(Origin origin, Address address, Side side) throws IOException {
                return inbound.rewritten(origin, address, side);
            }

            @Override
            public Content begin(Transaction transaction) throws IOException {
                return of(inbound.begin(transaction));
            }
        };
    }

    private static Content of(Reception reception) {
        return new Content() {
            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
                reception.write(from, offset, length);
            }

            @Override
            public Outcome finish() throws IOException {
                return reception.finish();
            }

            @Override
            public void close() {
                reception.close();
            }
        };
    }
}
