package io.mqcontroller.controller.cli.ctl;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The manual, made from the tree of commands: a page for each, in the language of {@code man}. */
final class ManualPages {
    private ManualPages() {}

    /** Texts by file name. */
    static SortedMap<String, String> of(CommandLine root) {
        SortedMap<String, String> pages = new TreeMap<>();
        add(root, pages);
        return pages;
    }

    private static void add(CommandLine command, SortedMap<String, String> pages) {
        CommandSpec spec = command.getCommandSpec();
        if (spec.usageMessage().hidden()) {
            return;
        }
        pages.put(pageName(spec) + ".1", page(command));
        command.getSubcommands().values().forEach(below -> add(below, pages));
    }

    private static String pageName(CommandSpec spec) {
        return spec.qualifiedName("-");
    }

    private static String page(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        UsageMessageSpec usage = spec.usageMessage();
        StringBuilder text = new StringBuilder();
        text.append(".TH ")
                .append(quoted(pageName(spec).toUpperCase(Locale.ROOT)))
                .append(" 1\n.SH NAME\n")
                .append(escaped(pageName(spec)))
                .append(" \\- ")
                .append(escaped(String.join(" ", plain(usage.description()))))
                .append("\n.SH SYNOPSIS\n");
        text.append(escaped(command.getHelp().synopsis(0).strip().replaceAll("\\s+", " ")))
                .append('\n');
        text.append(".SH DESCRIPTION\n");
        plain(usage.description()).forEach(line -> text.append(escaped(line)).append("\n.br\n"));
        appendCommands(text, command);
        appendOptions(text, command);
        List<String> footer = plain(usage.footer());
        if (!footer.isEmpty()) {
            text.append(".SH NOTES\n");
            footer.forEach(line -> text.append(escaped(line)).append("\n.br\n"));
        }
        appendSeeAlso(text, command);
        return text.toString();
    }

    private static void appendCommands(StringBuilder text, CommandLine command) {
        boolean first = true;
        for (Map.Entry<String, CommandLine> below : command.getSubcommands().entrySet()) {
            UsageMessageSpec usage = below.getValue().getCommandSpec().usageMessage();
            if (usage.hidden()) {
                continue;
            }
            text.append(first ? ".SH COMMANDS\n" : "");
            first = false;
            entry(text, below.getKey(), plain(usage.description()));
        }
    }

    private static void appendOptions(StringBuilder text, CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        text.append(".SH OPTIONS\n");
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            entry(text, parameter.paramLabel(), plain(parameter.description()));
        }
        for (OptionSpec option : spec.options()) {
            if (option.hidden()) {
                continue;
            }
            String names = String.join(", ", option.names());
            String value = option.arity().max() == 0 ? "" : "=" + option.paramLabel();
            List<String> description = new ArrayList<>();
            for (String line : option.description()) {
                description.add(line.replace("${COMPLETION-CANDIDATES}", candidates(option))
                        .replace("$$", "$"));
            }
            entry(text, names + value, description);
        }
    }

    private static String candidates(OptionSpec option) {
        List<String> words = new ArrayList<>();
        if (option.completionCandidates() != null) {
            option.completionCandidates().forEach(words::add);
        }
        return String.join(", ", words);
    }

    private static void entry(StringBuilder text, String what, List<String> description) {
        text.append(".TP\n\\fB").append(escaped(what)).append("\\fR\n");
        description.forEach(line -> text.append(escaped(line)).append('\n'));
    }

    private static void appendSeeAlso(StringBuilder text, CommandLine command) {
        List<String> others = new ArrayList<>();
        if (command.getParent() != null) {
            others.add(pageName(command.getParent().getCommandSpec()));
        }
        command.getSubcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .filter(spec -> !spec.usageMessage().hidden())
                .forEach(spec -> others.add(pageName(spec)));
        if (!others.isEmpty()) {
            text.append(".SH SEE ALSO\n");
            text.append(escaped(String.join("(1), ", others) + "(1)")).append('\n');
        }
    }

    private static List<String> plain(String... lines) {
        List<String> texts = new ArrayList<>();
        for (String line : lines) {
            String text = Ansi.OFF.string(line.replace("$$", "$"));
            if (!text.isBlank()) {
                texts.add(text);
            }
        }
        return texts;
    }

    private static String quoted(String text) {
        return "\"" + escaped(text) + "\"";
    }

    /** A line that begins with a dot or a quote would be a request. */
    private static String escaped(String text) {
        String escaped = text.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
