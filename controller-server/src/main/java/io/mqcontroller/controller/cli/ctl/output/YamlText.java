package io.mqcontroller.controller.cli.ctl.output;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** Fields as YAML, in the block style that people know. */
final class YamlText {
    private YamlText() {}

    static String of(Map<String, Object> fields) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setIndent(2);
        options.setIndicatorIndent(2);
        options.setIndentWithIndicator(true);
        options.setSplitLines(false);
        // A value that stands in two places is written twice, as in JSON.
        options.setDereferenceAliases(true);
        return new Yaml(options).dump(plain(fields));
    }

    /** What JSON knows, and text for everything else: YAML would name classes. */
    private static Object plain(Object value) {
        if (value instanceof Map<?, ?> object) {
            Map<Object, Object> fields = new LinkedHashMap<>();
            object.forEach((name, field) -> fields.put(name, plain(field)));
            return fields;
        } else if (value instanceof Iterable<?> list) {
            List<Object> elements = new ArrayList<>();
            list.forEach(element -> elements.add(plain(element)));
            return elements;
        }
        return value == null || value instanceof Number || value instanceof Boolean ? value : value.toString();
    }
}
