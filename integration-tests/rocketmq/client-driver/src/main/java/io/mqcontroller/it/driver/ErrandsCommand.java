package io.mqcontroller.it.driver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/**
 * {@code errands}: one command of this driver after the other, in one JVM, as starting one costs more than most of them. A line of
 * the input is a file for the report and the command with its arguments, between tabs. The file appears when the command is done;
 * one that failed ends with {@code FAILED reason}.
 */
final class ErrandsCommand {
    private ErrandsCommand() {}

    static void run() throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            String[] fields = line.split("\t");
            Path report = Path.of(fields[0]);
            Path unfinished = report.resolveSibling(report.getFileName() + ".part");
            runOne(unfinished, Arrays.copyOfRange(fields, 1, fields.length));
            Files.move(unfinished, report, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static void runOne(Path report, String[] command) throws IOException {
        PrintStream output = System.out;
        try (PrintStream file = new PrintStream(report.toFile(), StandardCharsets.UTF_8)) {
            System.setOut(file);
            ClientDriver.run(command);
        } catch (Exception e) {
            e.printStackTrace();
            ClientDriver.report("FAILED " + e.toString().replace('\n', ' '));
        } finally {
            System.setOut(output);
        }
    }
}
