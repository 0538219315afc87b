/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.harness;

import io.genvideo.camel.GenvideoComponent;
import io.genvideo.repository.jdbc.JdbcTaskRepository;
import io.genvideo.sandbox.Sandbox;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** What a node runs: the build of the component that this harness belongs to, or another one, as during a rolling upgrade. */
final class RouteBuild {
    private static final String OPTION = "harness.other";
    private static final String OWN_CLASS_PATH = System.getProperty("java.class.path");

    private final String other;
    private final String classPath;

    private RouteBuild(String other, String classPath) {
        this.other = other;
        this.classPath = classPath;
    }

    static RouteBuild own() {
        return new RouteBuild("", OWN_CLASS_PATH);
    }

    /** The build of system property {@code harness.other}, or this one without it. */
    static RouteBuild fromProperties() {
        String entries = System.getProperty(OPTION, "").trim();
        return entries.isEmpty() ? own() : of(entries);
    }

    /**
     * Another build.
     *
     * @param entries class path of its component, and of what else of it is to be used, e.g. its routes. They take the place of
     *     this build's component and sandbox; the libraries stay.
     * @throws IllegalArgumentException if an entry does not exist, or none holds the component
     */
    static RouteBuild of(String entries) {
        List<String> own = split(entries);
        own.stream().filter(entry -> !Files.exists(Path.of(entry))).findFirst().ifPresent(missing -> {
            throw new IllegalArgumentException(OPTION + ": " + missing + " does not exist");
        });
        List<Path> replaced = Stream.of(GenvideoComponent.class, Sandbox.class)
                .map(RouteBuild::location)
                .toList();
        List<String> all = new ArrayList<>(own);
        split(OWN_CLASS_PATH).stream()
                .filter(entry -> replaced.stream().noneMatch(path -> isSame(path, Path.of(entry))))
                .forEach(all::add);
        RouteBuild build = new RouteBuild(entries, String.join(File.pathSeparator, all));
        if (!build.has(GenvideoComponent.class)) {
            throw new IllegalArgumentException(
                    OPTION + "=" + entries + " is not allowed: " + GenvideoComponent.class.getName()
                            + " is not in it; needed is the jar or the classes of a component");
        }
        return build;
    }

    boolean isOwn() {
        return other.isEmpty();
    }

    String classPath() {
        return classPath;
    }

    /** Whether its journal has this option; an unknown one would stop its start. */
    boolean hasJournalOption(String option) {
        String setter = "set" + Character.toUpperCase(option.charAt(0)) + option.substring(1);
        try (URLClassLoader classes = classes()) {
            return Arrays.stream(classes.loadClass(JdbcTaskRepository.class.getName())
                            .getMethods())
                    .anyMatch(method -> method.getName().equals(setter));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("a build without a journal in a database: " + other, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean has(Class<?> type) {
        try (URLClassLoader classes = classes()) {
            return classes.findResource(type.getName().replace('.', '/') + ".class") != null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing of this process's own. */
    private URLClassLoader classes() {
        return new URLClassLoader(
                split(classPath).stream().map(RouteBuild::url).toArray(URL[]::new),
                ClassLoader.getPlatformClassLoader());
    }

    private static List<String> split(String entries) {
        return Arrays.stream(entries.split(File.pathSeparator, -1))
                .filter(entry -> !entry.isBlank())
                .toList();
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(entry, e);
        }
    }

    private static Path location(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        try {
            return Path.of(source.getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(String.valueOf(source), e);
        }
    }

    private static boolean isSame(Path location, Path entry) {
        try {
            return Files.exists(entry) && Files.isSameFile(location, entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return isOwn() ? "this build" : other;
    }
}
