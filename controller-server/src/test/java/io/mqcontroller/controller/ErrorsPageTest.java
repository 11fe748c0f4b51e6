package io.mqcontroller.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.mqcontroller.controller.controller.service.LeaseRefusal;
import io.mqcontroller.controller.metadata.Refusal;
import io.mqcontroller.proto.controller.StatusCode;
import io.mqcontroller.raft.core.MembershipRejection;
import io.mqcontroller.raft.core.Rejection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who is refused something finds the name in docs/errors.md, and what to do. */
class ErrorsPageTest {
    private static final Path TOP = Path.of("..");
    private static final List<StatusCode> NO_REFUSALS =
            List.of(StatusCode.STATUS_CODE_UNSPECIFIED, StatusCode.OK, StatusCode.UNRECOGNIZED);
    /** A text that begins with the reason by name. */
    private static final Pattern NAMED_REASON = Pattern.compile("\"([A-Z]+(?:_[A-Z]+)*): ");

    private static final Pattern LINE = Pattern.compile("^\\| ((?:`[A-Z_]+`(?:, )?)+) \\|", Pattern.MULTILINE);

    @Test
    void eachNameOfARefusalHasALine() throws IOException {
        SortedSet<String> names = namesInTexts();
        assertTrue(names.contains("TOO_FAR_BEHIND") && names.contains("NOT_ADMITTED"), names.toString());
        Stream.of(Refusal.values(), Rejection.values(), MembershipRejection.values(), LeaseRefusal.values())
                .flatMap(Arrays::stream)
                .map(Enum::name)
                .forEach(names::add);
        Arrays.stream(StatusCode.values())
                .filter(code -> !NO_REFUSALS.contains(code))
                .map(StatusCode::name)
                .forEach(names::add);
        SortedSet<String> explained = new TreeSet<>();
        Matcher lines = LINE.matcher(Files.readString(TOP.resolve("docs/errors.md")));
        while (lines.find()) {
            explained.addAll(List.of(lines.group(1).replace("`", "").split(", ")));
        }
        assertEquals(names, explained);
    }

    private static SortedSet<String> namesInTexts() throws IOException {
        SortedSet<String> names = new TreeSet<>();
        for (String module : List.of("controller-server", "broker-agent")) {
            try (Stream<Path> files = Files.walk(TOP.resolve(module).resolve("src/main/java"))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    NAMED_REASON.matcher(Files.readString(file)).results().forEach(match -> names.add(match.group(1)));
                }
            }
        }
        return names;
    }
}
