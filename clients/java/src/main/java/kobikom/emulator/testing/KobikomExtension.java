package kobikom.emulator.testing;

import java.util.Map;
import org.junit.jupiter.api.extension.*;

/** Gives each test a {@link Kobikom} of its own as a parameter, and adds the journal to its exception if it fails. */
public final class KobikomExtension implements ParameterResolver, AfterEachCallback, TestExecutionExceptionHandler {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(KobikomExtension.class);
    private final Map<String, ?> options;

    public KobikomExtension() { this(Map.of()); }
    /** Options of {@link Kobikom#open(Map)}, for {@code @RegisterExtension}. */
    public KobikomExtension(Map<String, ?> options) { this.options = options; }

    @Override public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Kobikom.class;
    }

    @Override public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(NAMESPACE).getOrComputeIfAbsent("kobikom", key -> Kobikom.open(options));
    }

    @Override public void handleTestExecutionException(ExtensionContext context, Throwable error) throws Throwable {
        var kobikom = context.getStore(NAMESPACE).get("kobikom", Kobikom.class);
        if (kobikom != null) error.addSuppressed(new AssertionError("kobikom journal\n" + kobikom.journalText()));
        throw error;
    }

    @Override public void afterEach(ExtensionContext context) {
        var kobikom = context.getStore(NAMESPACE).remove("kobikom", Kobikom.class);
        if (kobikom != null) kobikom.close();
    }
}
