/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.conformance;

/**
 * All topics of the kit. A test class extends it and gives the provider's {@link #protocol()}:
 *
 * <pre>{@code
 * class AcmeConformanceTest extends ProviderConformanceKit {
 *     public ServiceProtocol protocol() {
 *         return new AcmeProtocol();
 *     }
 * }
 * }</pre>
 */
public abstract class ProviderConformanceKit
        implements CapabilitiesKit,
                LifecycleKit,
                CreateResponsesKit,
                PollResponsesKit,
                LostResponsesKit,
                OutageKit,
                CrashKit,
                PortableOptionsKit,
                RedactionKit {}
