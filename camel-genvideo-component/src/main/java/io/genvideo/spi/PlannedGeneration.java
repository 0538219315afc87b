/*
 * Licensed under the Apache License, Version 2.0. See the LICENSE file at the root of this project.
 */
package io.genvideo.spi;

import java.math.BigDecimal;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A checked and priced request; nothing of it has cost anything. */
public interface PlannedGeneration {

    /** The model that will be used, as the service names it. */
    String model();

    /** The price of all results together, or {@code null} where the service does not return it before. */
    @Nullable
    BigDecimal credits();

    /** How long such a task usually takes. */
    ExpectedTime expectedTime();

    /** Uploads what has to be uploaded. May be repeated after a failure; free of charge. */
    CompletionStage<ReadyGeneration> stage();
}
