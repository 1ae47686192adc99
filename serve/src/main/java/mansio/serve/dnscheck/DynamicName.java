package mansio.serve.dnscheck;

import mansio.codec.text.Domain;

import java.net.InetAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Reverse names as providers give them to the lines of customers. */
public final class DynamicName {
    /** Words within a label, between digits and hyphens. */
    private static final Set<String> WORDS =
            Set.of(
                    "adsl",
                    "broadband",
                    "cable",
                    "client",
                    "cpe",
                    "cust",
                    "customer",
                    "dhcp",
                    "dial",
                    "dialin",
                    "dialup",
                    "dsl",
                    "dyn",
                    "dynamic",
                    "dynip",
                    "ftth",
                    "generic",
                    "pool",
                    "pools",
                    "ppp",
                    "pppoe",
                    "res",
                    "unassigned",
                    "vdsl");

    private DynamicName() {}

    /**
     * Whether the address is in the name, or a word for lines of customers. Pure.
     *
     * @param own the server's organization: how that is called says nothing
     */
    public static boolean looksSo(String name, Domain own, InetAddress address) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean ours = lower.equals(own.text()) || lower.endsWith("." + own);
        String rest = ours ? lower.substring(0, lower.length() - own.text().length()) : lower;
        for (String word : rest.split("[^a-z]+")) {
            if (WORDS.contains(word)) return true;
        }
        return hasAddress(lower, address.getAddress());
    }

    private static boolean hasAddress(String name, byte[] octets) {
        String hex = HexFormat.of().formatHex(octets);
        if (octets.length != 4) {
            // The half that tells customers apart, in any punctuation.
            String bare = name.replaceAll("[^0-9a-f]", "");
            return bare.contains(hex) || bare.contains(hex.substring(16));
        }
        if (name.contains(hex)) return true;
        int[] n = new int[4];
        for (int i = 0; i < 4; i++) n[i] = octets[i] & 0xff;
        String dashed = "-" + name.replaceAll("[^0-9]+", "-") + "-";
        // All four either way round, or the last two, or all of them with leading zeros.
        List<String> forms =
                List.of(
                        "-%d-%d-%d-%d-".formatted(n[0], n[1], n[2], n[3]),
                        "-%d-%d-%d-%d-".formatted(n[3], n[2], n[1], n[0]),
                        "-%03d-%03d-%03d-%03d-".formatted(n[0], n[1], n[2], n[3]),
                        "-%03d%03d%03d%03d-".formatted(n[0], n[1], n[2], n[3]),
                        "-%d-%d-%d-".formatted(n[1], n[2], n[3]),
                        "-%d-%d-%d-".formatted(n[3], n[2], n[1]));
        return forms.stream().anyMatch(dashed::contains);
    }
}
