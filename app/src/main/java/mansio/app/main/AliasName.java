package mansio.app.main;

import mansio.codec.text.Address;
import mansio.codec.text.SyntaxException;
import mansio.state.directory.AliasInfo;

import java.util.Optional;

/** The address of an alias on the command line: it may have a pattern as local part. */
record AliasName(Address address) {
    /** Empty when the text is none. */
    static Optional<AliasName> tryParse(String text) {
        try {
            return Optional.of(new AliasName(AliasInfo.parseName(text)));
        } catch (SyntaxException e) {
            return Optional.empty();
        }
    }
}
