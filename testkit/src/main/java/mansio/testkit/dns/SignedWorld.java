package mansio.testkit.dns;

import mansio.net.dns.TrustAnchors;

import org.xbill.DNS.Name;

import java.util.Map;

/** A small signed DNS: the root, two top domains, and good and broken zones below them. */
public final class SignedWorld {
    /** Made once: keys take their time. */
    private static final Zones ALL = all();

    private SignedWorld() {}

    /** The zones and the mistakes. */
    static Zones everything() {
        return ALL;
    }

    private static Zones all() {
        Zones all = new Zones();
        for (Map.Entry<String, String> zone : zones().entrySet()) {
            all = all.with(zone.getKey(), zone.getValue());
        }
        return all.with("mistakes.invalid.", mistakes());
    }

    /** The trust anchor for a world whose root is signed with this algorithm. */
    public static TrustAnchors anchors(String algorithm) {
        return new TrustAnchors(ZoneKey.of(Name.root, algorithm).ds() + "\n");
    }

    /** The zones by name; the root is signed with RSA, as the world's is. */
    public static Map<String, String> zones() {
        String hosts =
                """
                @         MX     10 mx
                mx        A      192.0.2.1
                _25._tcp.mx TLSA 3 1 1 00ff10
                a.b.c     TXT    "deep"
                alias     CNAME  mx
                out       CNAME  mx.plain.test.
                toplain   CNAME  nothing.plain.test.
                toempty   CNAME  mx
                tonothing CNAME  nothing
                *.wild    TXT    "any"
                """;
        return Map.ofEntries(
                Map.entry(".", ";+ signed rsa nsec\nplaintop. TXT \"below the root\"\n"),
                Map.entry("test.", ";+ signed ecdsa nsec\n@ TXT \"top\"\n"),
                Map.entry("nsec3.", ";+ signed ecdsa nsec3\n@ TXT \"top\"\n"),
                Map.entry("good.test.", ";+ signed ed25519 nsec\n" + hosts),
                Map.entry("good.nsec3.", ";+ signed ecdsa nsec3 iterations=5\n" + hosts),
                Map.entry("many.nsec3.", ";+ signed ecdsa nsec3 iterations=101\n" + hosts),
                Map.entry("rsa.test.", ";+ signed rsa nsec\n" + hosts),
                Map.entry("plain.test.", hosts),
                Map.entry("plain.nsec3.", hosts),
                Map.entry("wrong-ds.test.", ";+ signed ecdsa nsec wrong-ds\n" + hosts),
                Map.entry("no-ds.test.", ";+ signed ecdsa nsec no-ds\n" + hosts),
                Map.entry("broken.test.", ";+ signed ecdsa nsec\n" + hosts + BROKEN),
                Map.entry("broken.nsec3.", ";+ signed ecdsa nsec3\n" + hosts + BROKEN));
    }

    private static final String BROKEN =
            """
            expired   A 192.0.2.2
            notyet    A 192.0.2.3
            wrong     A 192.0.2.4
            stripped  A 192.0.2.5
            denied    A 192.0.2.6
            halfwild  A 192.0.2.7
            """;

    /** The mistakes at names of {@code broken.test} and {@code broken.nsec3}, as zone lines. */
    public static String mistakes() {
        StringBuilder lines = new StringBuilder();
        for (String zone : new String[] {"broken.test.", "broken.nsec3."}) {
            lines.append(";! expired.").append(zone).append(" expired\n");
            lines.append(";! notyet.").append(zone).append(" not-yet\n");
            lines.append(";! wrong.").append(zone).append(" wrong-signature\n");
            lines.append(";! stripped.").append(zone).append(" strip\n");
            lines.append(";! unproven.").append(zone).append(" no-denial\n");
            lines.append(";! halfwild.").append(zone).append(" no-denial\n");
            lines.append(";! x.wild.").append(zone).append(" no-denial\n");
            lines.append(";! denied.").append(zone).append(" nxdomain\n");
        }
        return lines.toString();
    }
}
