/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.nemo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Translates what the service says about a user interface that a route does not have (docs/contracts/nemo.md section 6), for
 * example "click Export", to operations of this provider. And the reverse: "export" is never sent to the service.
 */
final class EditorActions {
    private static final List<String> GESTURES =
            List.of("click", "tap ", "press ", "drag", "open the", "button", "点击", "打开", "拖拽", "拖动", "按钮");
    private static final List<String> EXPORT = List.of("export", "download", "导出", "下载");
    private static final List<String> UPLOAD = List.of("upload", "import", "上传", "导入");
    private static final List<String> LOOK = List.of("preview", "timeline", "play", "预览", "时间线", "播放");
    private static final Pattern SENTENCES = Pattern.compile("(?<=[.!?。！？\\n])");
    private static final Pattern EXPORT_REQUEST = Pattern.compile(
            "(please )?(export|render|导出)( (it|this|that|the video|my video|video|视频))?[ .!。！]*",
            Pattern.CASE_INSENSITIVE);
    private static final int MOST = 20;

    private EditorActions() {}

    /** For each sentence about the user interface: the sentence, and the operation of this provider that does the same. */
    static List<Map<String, Object>> in(String text) {
        List<Map<String, Object>> actions = new ArrayList<>();
        for (String sentence : SENTENCES.split(text)) {
            String operation = operation(sentence.toLowerCase(Locale.ROOT));
            if (operation != null && actions.size() < MOST) {
                Map<String, Object> action = new LinkedHashMap<>();
                action.put("text", sentence.strip());
                action.put("operation", operation);
                actions.add(action);
            }
        }
        return List.copyOf(actions);
    }

    private static @Nullable String operation(String sentence) {
        if (!containsAny(sentence, GESTURES) && !sentence.contains("导出")) {
            return null;
        }
        if (containsAny(sentence, EXPORT)) {
            return "export";
        }
        if (containsAny(sentence, UPLOAD)) {
            return "upload";
        }
        return containsAny(sentence, LOOK) ? "state" : "chat";
    }

    private static boolean containsAny(String sentence, List<String> words) {
        return words.stream().anyMatch(sentence::contains);
    }

    /** Fails for a message that only asks to export. */
    static void checkMessage(String message) {
        if (message.length() < 60 && EXPORT_REQUEST.matcher(message.strip()).matches()) {
            throw NemoErrors.ERRORS.invalid("prompt only asks to export: the service charges for a message and exports"
                    + " nothing in answer to one; a generation exports its video, and genvideo:nemo/export that of a"
                    + " session");
        }
    }
}
