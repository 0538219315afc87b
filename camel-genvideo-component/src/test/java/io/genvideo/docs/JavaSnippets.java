/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.util.JavacTask;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Compiles the Java of pages: classes as they stand, methods in a class, the statements of a route in a RouteBuilder, other
 * statements in a method. What a page need not print is added: imports, and the variables that the text around such code names.
 */
final class JavaSnippets {
    private static final String IMPORTS = Stream.of(
                    "static org.assertj.core.api.Assertions.*",
                    "io.genvideo.camel.*",
                    "io.genvideo.model.*",
                    "io.genvideo.repository.jdbc.*",
                    "io.genvideo.sandbox.*",
                    "java.io.*",
                    "java.math.*",
                    "java.net.URI",
                    "java.nio.file.*",
                    "java.time.*",
                    "java.util.*",
                    "javax.sql.*",
                    "org.apache.camel.*",
                    "org.apache.camel.builder.*",
                    "org.apache.camel.model.dataformat.*",
                    "org.apache.camel.processor.aggregate.*",
                    "org.h2.jdbcx.*")
            .map(name -> "import " + name + ";\n")
            .collect(Collectors.joining());
    private static final Pattern TYPE =
            Pattern.compile("(?m)^(?:@\\w+.*\\n)*(?:public |final |abstract )*(?:class|record|interface|enum) (\\w+)");
    private static final Pattern ROUTE = Pattern.compile(
            "(?s)(//[^\\n]*\\n|\\s)*(from|onException|rest|errorHandler|intercept\\w*|onCompletion)\\(.*");

    private static final Pattern MEMBER = Pattern.compile(
            "(?s)(//[^\\n]*\\n|@[^\\n]*\\n|\\s)*((public|protected|private|static|final) )*[\\w<>]+ \\w+\\([^)]*\\)[^;={]*\\{.*");

    private JavaSnippets() {}

    /** Fails unless the snippet is Java by its form, whatever classes it names. */
    static void parse(Snippet snippet) throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        JavacTask task = (JavacTask) compiler.getTask(
                null,
                null,
                problems,
                List.of("-proc:none"),
                null,
                List.of(new Source("Parsed", whole("Parsed", snippet))));
        task.parse();
        assertThat(problems.getDiagnostics()).as("%s", snippet).isEmpty();
    }

    /** Compiles the snippet, and makes an instance if it is a class without arguments, or statements of a route. */
    static Object instance(Snippet snippet) throws Exception {
        Matcher type = TYPE.matcher(snippet.text());
        String name = type.find() ? type.group(1) : "Documented";
        Map<String, byte[]> classes = compile(snippet, name);
        Class<?> loaded = new Loader(classes).loadClass(name);
        return java.util.Arrays.stream(loaded.getDeclaredConstructors()).anyMatch(c -> c.getParameterCount() == 0)
                ? newInstance(loaded)
                : loaded;
    }

    private static Object newInstance(Class<?> type) throws ReflectiveOperationException {
        var constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    private static String whole(String name, Snippet snippet) {
        String text = snippet.text().replaceAll("(?m)^package .*;$", "");
        Matcher type = TYPE.matcher(text);
        if (type.find()) {
            String imports = text.substring(0, type.start());
            return imports.lines().filter(l -> l.startsWith("import ")).collect(Collectors.joining("\n")) + "\n"
                    + IMPORTS + text.replaceAll("(?m)^import .*;$", "");
        }
        String statements = text.replace("...", "");
        if (MEMBER.matcher(text).matches()) {
            return IMPORTS + "abstract class " + name + " {\n" + statements + "\n" + name + "(int unused) {} }";
        }
        return ROUTE.matcher(text).matches()
                ? IMPORTS + "class " + name + " extends RouteBuilder { public void configure() {\n" + statements
                        + "\n}}"
                : IMPORTS + "abstract class " + name
                        + " { void run(CamelContext context, ProducerTemplate template, Exchange exchange)"
                        + " throws Exception {\n" + statements + "\n} " + name + "(int unused) {} }";
    }

    private static Map<String, byte[]> compile(Snippet snippet, String name) throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        Map<String, ByteArrayOutputStream> written = new HashMap<>();
        try (StandardJavaFileManager standard = compiler.getStandardFileManager(problems, null, null)) {
            JavaFileManager memory = new InMemory(standard, written);
            boolean compiled = compiler.getTask(
                            null,
                            memory,
                            problems,
                            List.of("-proc:none", "-parameters", "-classpath", classPath()),
                            null,
                            List.of(new Source(name, whole(name, snippet))))
                    .call();
            assertThat(compiled)
                    .as("%s does not compile: %s", snippet, problems.getDiagnostics())
                    .isTrue();
        }
        return written.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().toByteArray()));
    }

    /** Surefire starts tests with a jar that only names the class path. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class InMemory extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Map<String, ByteArrayOutputStream> written;

        InMemory(StandardJavaFileManager standard, Map<String, ByteArrayOutputStream> written) {
            super(standard);
            this.written = written;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + className + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return written.computeIfAbsent(className, n -> new ByteArrayOutputStream());
                }
            };
        }
    }

    private static final class Loader extends ClassLoader {
        private final Map<String, byte[]> classes;

        Loader(Map<String, byte[]> classes) {
            super(JavaSnippets.class.getClassLoader());
            this.classes = classes;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] code = classes.get(name);
            if (code == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, code, 0, code.length);
        }
    }
}
