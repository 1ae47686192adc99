package mansio.state.queue;

import mansio.codec.smtp.MailParameters;
import mansio.codec.smtp.MailParameters.Ret;
import mansio.codec.text.Address;
import mansio.state.store.AccountId;
import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import java.util.Optional;

/**
 * What SMTP said about a message, apart from its recipients.
 *
 * @param reversePath empty for the null reverse-path
 * @param body what BODY= declared (RFC 6152, RFC 3030)
 * @param smtpUtf8 true when SMTPUTF8 was asked for (RFC 6531)
 * @param source where it came from
 * @param wishes what the sender asked for besides
 */
public record Envelope(
        Optional<Address> reversePath, Body body, boolean smtpUtf8, Source source, Wishes wishes) {
    /** An envelope whose sender asked for nothing besides. */
    public Envelope(Optional<Address> reversePath, Body body, boolean smtpUtf8, Source source) {
        this(reversePath, body, smtpUtf8, source, Wishes.NONE);
    }

    /**
     * What the sender asked for.
     *
     * @param envid ENVID, decoded (RFC 3461 section 4.4)
     * @param ret RET: how much of the message a report brings back (RFC 3461 section 4.3)
     * @param requireTls REQUIRETLS (RFC 8689): rather fail than travel without verified TLS
     */
    public record Wishes(Optional<String> envid, Optional<Ret> ret, boolean requireTls) {
        /** Nothing. */
        public static final Wishes NONE = new Wishes(Optional.empty(), Optional.empty(), false);

        private static final int HAS_ENVID = 1;
        private static final int HAS_RET = 2;
        private static final int HEADERS = 4;
        private static final int REQUIRE_TLS = 8;

        /** What the parameters of MAIL say about reports. */
        public static Wishes of(MailParameters.Dsn dsn, boolean requireTls) {
            return new Wishes(dsn.envid(), dsn.ret(), requireTls);
        }

        private void writeTo(ValueWriter out) {
            int bits = envid.isPresent() ? HAS_ENVID : 0;
            if (ret.isPresent()) bits |= HAS_RET;
            if (ret.equals(Optional.of(Ret.HDRS))) bits |= HEADERS;
            if (requireTls) bits |= REQUIRE_TLS;
            out.u8(bits);
            envid.ifPresent(out::text);
        }

        private static Wishes readFrom(ValueReader in) {
            int bits = in.u8();
            if (bits == 0) return NONE;
            Optional<Ret> ret =
                    (bits & HAS_RET) == 0
                            ? Optional.empty()
                            : Optional.of((bits & HEADERS) != 0 ? Ret.HDRS : Ret.FULL);
            return new Wishes(
                    (bits & HAS_ENVID) == 0 ? Optional.empty() : Optional.of(in.text()),
                    ret,
                    (bits & REQUIRE_TLS) != 0);
        }
    }

    /** What the body may contain. The code is stored. */
    public enum Body {
        SEVEN_BIT(0),
        EIGHT_BIT_MIME(1),
        BINARY_MIME(2);

        private final int code;

        Body(int code) {
            this.code = code;
        }

        private static Body of(int code) {
            for (Body body : values()) if (body.code == code) return body;
            throw new IllegalStateException("body code " + code);
        }
    }

    /**
     * Where a message came from.
     *
     * @param client the peer's IP address
     * @param helo what it called itself
     * @param protocol the {@code with} of our Received field, such as {@code ESMTPS} (RFC 3848)
     * @param submitter the account that submitted it, if it was authenticated
     * @param session the connection's id in the log
     * @param right whether it is mail of our own
     */
    public record Source(
            String client,
            String helo,
            String protocol,
            Optional<AccountId> submitter,
            String session,
            Right right) {
        /** Our own when an account submitted it. */
        public Source(
                String client,
                String helo,
                String protocol,
                Optional<AccountId> submitter,
                String session) {
            this(
                    client,
                    helo,
                    protocol,
                    submitter,
                    session,
                    submitter.isPresent() ? Right.OWN : Right.FOREIGN);
        }

        /** The same, as mail of our own. */
        public Source own() {
            return with(Right.OWN);
        }

        /** The same with another right. */
        public Source with(Right other) {
            return new Source(client, helo, protocol, submitter, session, other);
        }
    }

    /** Whose mail it is. The code is stored. */
    public enum Right {
        /** From outside, and nothing says that the reverse-path is true. */
        FOREIGN(0),
        /** From an account, from a network that may send through us, or written here. */
        OWN(1),
        /** From outside; SPF, or a signature that goes with it, vouches for the reverse-path. */
        VERIFIED(2);

        private final int code;

        Right(int code) {
            this.code = code;
        }

        private static Right of(int code) {
            for (Right right : values()) if (right.code == code) return right;
            throw new IllegalStateException("right code " + code);
        }
    }

    /** The same message with another right. */
    public Envelope with(Right right) {
        return new Envelope(reversePath, body, smtpUtf8, source.with(right), wishes);
    }

    void writeTo(ValueWriter out) {
        out.optionalText(reversePath.map(Address::toWire)).u8(body.code).flag(smtpUtf8);
        out.text(source.client()).text(source.helo()).text(source.protocol());
        out.u8(source.right().code).flag(source.submitter().isPresent());
        source.submitter().ifPresent(account -> out.u64(account.value()));
        out.text(source.session());
        wishes.writeTo(out);
    }

    static Envelope readFrom(ValueReader in) {
        Optional<Address> reversePath = in.optionalText().map(Address::parse);
        Body body = Body.of(in.u8());
        boolean smtpUtf8 = in.flag();
        String client = in.text();
        String helo = in.text();
        String protocol = in.text();
        Right right = Right.of(in.u8());
        Optional<AccountId> submitter =
                in.flag() ? Optional.of(new AccountId(in.u64())) : Optional.empty();
        return new Envelope(
                reversePath,
                body,
                smtpUtf8,
                new Source(client, helo, protocol, submitter, in.text(), right),
                Wishes.readFrom(in));
    }
}
