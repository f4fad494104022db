// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Crypto;
using TokenLedger.Crypto.Keystores;
using TokenLedger.Maintenance;
using TokenLedger.Node.Administration;
using TokenLedger.Runtime.Signing;
using TokenLedger.Runtime.Snapshots;
using TokenLedger.Storage;

namespace TokenLedger.Node;

/// <summary>
/// Why the process ends, as operators and scripts see it: one message with a stable code, and an exit code.
/// </summary>
/// <param name="ExitCode">See the constants.</param>
/// <param name="Code">Stable, upper-case.</param>
/// <param name="Message">What happened, why, and what to do.</param>
internal sealed record NodeFailure(int ExitCode, string Code, string Message)
{
    /// <summary>Any other failure.</summary>
    public const int Other = 1;

    /// <summary>The command line.</summary>
    public const int Usage = 2;

    /// <summary>The configuration, genesis, keys or certificates.</summary>
    public const int Configuration = 3;

    /// <summary>A port.</summary>
    public const int Network = 4;

    /// <summary>A database or the disk under it.</summary>
    public const int Storage = 5;

    /// <summary>Another process signs with this validator's key.</summary>
    public const int Duplicate = 6;

    /// <summary>A broken invariant.</summary>
    public const int Invariant = 70;

    /// <summary>What is printed to standard error.</summary>
    public string Text => $"tokenledger-node: {Code}: {Message}";

    public static NodeFailure Of(Exception exception) => exception switch
    {
        NodeConfigurationException e => new(Configuration, e.Code, e.Message),
        SnapshotException e => new(Configuration, "SNAPSHOT_REFUSED", e.Message),
        MaintenanceException e => new(Other, e.Code, e.Message),
        OperationCanceledException => new(Other, "INTERRUPTED", "Interrupted; nothing was put in place."),
        AdminSocketTakenException e => new(Network, "ADMIN_SOCKET_OCCUPIED", e.Message),
        StrictJsonException e => new(Configuration, "CONFIGURATION_INVALID", e.Message),
        KeystoreException e => new(Configuration, "KEYSTORE", e.Message),
        CryptoUnavailableException e => new(Configuration, "LIBRARY_MISSING", e.Message),
        CryptographicException e => new(Configuration, "CERTIFICATE_INVALID", e.Message),
        StorageFault e => new(Storage, "STORAGE_" + e.Kind.ToString().ToUpperInvariant(), e.Message),
        DuplicateValidatorException e => new(Duplicate, "DUPLICATE_VALIDATOR", e.Message),
        InvariantException e => new(Invariant, "INVARIANT_BROKEN", e.Message
            + " This node stopped so that nothing wrong is served. Keep its data folder and log for the "
            + "report."),
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } e => new(
            Network, "PORT_OCCUPIED",
            e.Message + " Stop what uses it, or change the port in the configuration."),
        IOException e => new(Other, "IO", e.Message),
        UnauthorizedAccessException e => new(Configuration, "ACCESS_DENIED", e.Message),
        _ => new(Other, "FAILED", exception.Message),
    };
}

/// <summary>Something in the configuration, or that it names, cannot be used.</summary>
internal sealed class NodeConfigurationException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
