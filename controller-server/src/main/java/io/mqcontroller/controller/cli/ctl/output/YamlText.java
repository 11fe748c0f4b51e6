package io.mqcontroller.controller.cli.ctl.output;

import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Fields as YAML, in the block style that people know. A text that could be taken for something else is written as JSON writes
 * it, which is YAML as well.
 */
final class YamlText {
    /** Begins like a word and holds nothing that YAML knows a meaning of. */
    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z_/][A-Za-z0-9_./-]*");

    private static final Pattern WORD_OF_YAML =
            Pattern.compile("y|n|yes|no|on|off|true|false|null", Pattern.CASE_INSENSITIVE);

    private YamlText() {}

    static String of(Map<String, Object> fields) {
        StringBuilder text = new StringBuilder();
        appendFields(text, fields, "");
        return text.toString();
    }

    private static void appendFields(StringBuilder text, Map<?, ?> fields, String indent) {
        for (Iterator<? extends Map.Entry<?, ?>> all = fields.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<?, ?> field = all.next();
            text.append(scalar(field.getKey())).append(':');
            appendValue(text, field.getValue(), indent + "  ");
            if (all.hasNext()) {
                text.append(indent);
            }
        }
    }

    private static void appendValue(StringBuilder text, Object value, String indent) {
        if (value instanceof Map<?, ?> object && !object.isEmpty()) {
            text.append('\n').append(indent);
            appendFields(text, object, indent);
        } else if (value instanceof Collection<?> list && !list.isEmpty()) {
            text.append('\n');
            for (Object element : list) {
                text.append(indent).append('-');
                if (element instanceof Map<?, ?> object && !object.isEmpty()) {
                    text.append(' ');
                    appendFields(text, object, indent + "  ");
                } else {
                    appendValue(text, element, indent + "  ");
                }
            }
        } else if (value instanceof Map) {
            text.append(" {}\n");
        } else if (value instanceof Collection) {
            text.append(" []\n");
        } else {
            text.append(' ').append(scalar(value)).append('\n');
        }
    }

    private static String scalar(Object value) {
        boolean plain = value instanceof String word
                && HARMLESS.matcher(word).matches()
                && !WORD_OF_YAML.matcher(word).matches();
        return plain ? (String) value : JsonText.ofScalar(value);
    }
}
