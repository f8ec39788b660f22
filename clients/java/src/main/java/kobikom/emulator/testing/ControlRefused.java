package kobikom.emulator.testing;

import java.util.Map;

/** The control API refused a request: HTTP status, and the problem document with {@code field} and {@code detail}. */
public final class ControlRefused extends RuntimeException {
    public final int status;
    public final transient Map<?, ?> problem;

    ControlRefused(int status, Map<?, ?> problem) {
        super(String.valueOf(problem.get("detail")));
        this.status = status;
        this.problem = problem;
    }
}
