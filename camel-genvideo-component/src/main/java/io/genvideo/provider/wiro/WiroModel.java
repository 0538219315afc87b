/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.provider.wiro;

import io.genvideo.model.MediaKind;
import io.genvideo.provider.support.Values;
import io.genvideo.provider.support.schema.SchemaField;
import io.genvideo.provider.support.schema.SchemaModel;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One model, as Tool/Detail describes it (docs/contracts/wiro.md section 10).
 *
 * @param id {@code owner/project}, as the user or the service spells it
 * @param kind what it makes; {@code null} if neither its categories nor its name tells
 * @param schema what it takes
 * @param fileTypes how each parameter for files is written, by the parameter's name
 */
record WiroModel(
        String id,
        @Nullable MediaKind kind,
        String title,
        @Nullable String description,
        List<SchemaField> schema,
        Map<String, FileType> fileTypes)
        implements SchemaModel {

    /** How a parameter takes files and URLs (docs/contracts/wiro.md section 4). */
    enum FileType {
        /** One file under the parameter's name, or one URL under that name with {@code Url} behind it. */
        SINGLE,
        /** Files under the parameter's name, URLs in one text under that name with {@code Url} behind it. */
        SEVERAL,
        /** Files and URLs under the parameter's name, in JSON a list. */
        COMBINED
    }

    /** The ending of the name of the parameter that takes the URL of another one's file. */
    static final String URL = "Url";

    private static final int MAX_ID = 200;

    WiroModel {
        schema = List.copyOf(schema);
        fileTypes = Map.copyOf(fileTypes);
    }

    /**
     * Owner and project of a model that a user names. They may hold spaces and dots, since the service's own slugs do, but
     * nothing that leads to another path.
     *
     * @throws io.genvideo.model.InvalidGenerationRequestException if it can be no model
     */
    static String checkedId(@Nullable String name) {
        if (name == null || name.isBlank()) {
            throw WiroErrors.ERRORS.invalid(
                    "model is missing: Wiro has no default; give owner/project, as the operation"
                            + " models lists them");
        }
        String id = name.strip();
        String[] parts = id.split("/", -1);
        boolean isSlug = id.length() <= MAX_ID
                && parts.length == 2
                && Arrays.stream(parts).allMatch(WiroModel::isPart);
        if (!isSlug) {
            throw WiroErrors.ERRORS.invalid("model=" + Values.shown(name)
                    + " is no model of Wiro's; allowed: owner/project, as the operation models lists them");
        }
        return id;
    }

    private static boolean isPart(String part) {
        // The service has slugs that begin with a blank
        return !part.isBlank()
                && part.chars().anyMatch(Character::isLetterOrDigit)
                && part.chars().noneMatch(c -> Character.isISOControl(c) || c == '\\' || c == '?' || c == '#');
    }

    String owner() {
        return id.substring(0, id.indexOf('/'));
    }

    String project() {
        return id.substring(id.indexOf('/') + 1);
    }
}
