/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.docs;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** YAML that is no route: properties written as a tree, or documents of Kubernetes. */
final class YamlProperties {
    private YamlProperties() {}

    /** The documents of a text; fails if it is no YAML. */
    static List<Object> documents(String yaml) {
        List<Object> documents = new java.util.ArrayList<>();
        new Load(LoadSettings.builder().build()).loadAllFromString(yaml).forEach(documents::add);
        return documents;
    }

    /** Names with dots, as a properties file would have them. */
    static Map<String, String> read(String yaml) {
        Map<String, String> properties = new TreeMap<>();
        documents(yaml).forEach(document -> flatten("", document, properties));
        return properties;
    }

    private static void flatten(String name, Object value, Map<String, String> into) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, inner) -> {
                String text = String.valueOf(key);
                flatten(name.isEmpty() || text.startsWith("[") ? name + text : name + "." + text, inner, into);
            });
        } else if (value instanceof List<?> list) {
            for (int n = 0; n < list.size(); n++) {
                flatten(name + "[" + n + "]", list.get(n), into);
            }
        } else {
            into.put(name, String.valueOf(value));
        }
    }
}
