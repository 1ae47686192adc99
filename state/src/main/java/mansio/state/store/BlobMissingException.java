package mansio.state.store;

import java.io.IOException;

/**
 * A blob that something refers to is not there: the store is damaged ({@code mansio verify} says
 * how much).
 */
public final class BlobMissingException extends IOException {
    private static final long serialVersionUID = 1;

    public BlobMissingException(BlobId blob) {
        super("blob " + blob + " is missing");
    }
}
