package mansio.net.dns;

import mansio.codec.text.SyntaxException;

import java.util.Base64;

/**
 * A secret that a server of the DNS shares with us, and by which each knows messages of the other
 * (RFC 8945). Its text never shows the secret.
 */
public final class TsigKey {
    /** Far longer than any server makes them. */
    static final int MAX_SECRET = 4_096;

    private final DnsName name;
    private final TsigAlgorithm algorithm;
    private final byte[] secret;

    /**
     * @param name under which the server knows it
     * @throws IllegalArgumentException when the secret is empty or longer than 4,096 octets
     */
    public TsigKey(DnsName name, TsigAlgorithm algorithm, byte[] secret) {
        if (secret.length == 0 || secret.length > MAX_SECRET) {
            throw new IllegalArgumentException("secret of " + secret.length + " octets");
        }
        this.name = name;
        this.algorithm = algorithm;
        this.secret = secret.clone();
    }

    /**
     * With the secret as it is handed on: in Base64, white space in it is passed over.
     *
     * @throws SyntaxException when it is no Base64, empty or too long
     */
    public static TsigKey ofBase64(DnsName name, TsigAlgorithm algorithm, String secret) {
        StringBuilder compact = new StringBuilder(secret.length());
        for (int i = 0; i < secret.length(); i++) {
            char c = secret.charAt(i);
            if (c != ' ' && c != '\t' && c != '\r' && c != '\n') compact.append(c);
        }
        if (compact.length() > 2 * MAX_SECRET) throw new SyntaxException("secret is too long", 0);
        byte[] octets;
        try {
            octets = Base64.getDecoder().decode(compact.toString());
        } catch (IllegalArgumentException e) {
            throw new SyntaxException("secret is not Base64", 0);
        }
        if (octets.length == 0) throw new SyntaxException("secret is empty", 0);
        if (octets.length > MAX_SECRET) throw new SyntaxException("secret is too long", 0);
        return new TsigKey(name, algorithm, octets);
    }

    /** Under which the server knows it. */
    public DnsName name() {
        return name;
    }

    /** How it signs. */
    public TsigAlgorithm algorithm() {
        return algorithm;
    }

    byte[] secret() {
        return secret.clone();
    }

    @Override
    public String toString() {
        return name + " (" + algorithm.text() + ")";
    }
}
