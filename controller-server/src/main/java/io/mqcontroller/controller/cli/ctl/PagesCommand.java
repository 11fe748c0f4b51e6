package io.mqcontroller.controller.cli.ctl;

import io.mqcontroller.controller.cli.ctl.client.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** For the build: writes what is made from the tree of commands, the script that completes them and the manual. */
@Command(name = "write-pages", hidden = true, description = "Writes the completion script and the manual pages.")
final class PagesCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FOLDER", description = "Where to write them.")
    private Path folder;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        CommandLine root = spec.root().commandLine();
        Path completions = Files.createDirectories(folder.resolve("completions"));
        Files.writeString(completions.resolve("mqctl"), AutoComplete.bash("mqctl", root));
        Path manual = Files.createDirectories(folder.resolve("man/man1"));
        for (Map.Entry<String, String> page : ManualPages.of(root).entrySet()) {
            Files.writeString(manual.resolve(page.getKey()), page.getValue());
        }
        return ExitCode.OK.number();
    }
}
