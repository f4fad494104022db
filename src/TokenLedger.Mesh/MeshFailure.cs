// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Crypto;
using TokenLedger.Mesh.Configuration;

namespace TokenLedger.Mesh;

/// <summary>
/// Why the process ends, as operators and scripts see it: one message with a stable code, and an exit code,
/// which are those of the node.
/// </summary>
internal sealed record MeshFailure(int ExitCode, string Code, string Message)
{
    /// <summary>Any other failure.</summary>
    public const int Other = 1;

    /// <summary>The command line.</summary>
    public const int Usage = 2;

    /// <summary>The configuration.</summary>
    public const int Configuration = 3;

    /// <summary>A port.</summary>
    public const int Network = 4;

    /// <summary>A broken invariant.</summary>
    public const int Invariant = 70;

    /// <summary>What is printed to standard error.</summary>
    public string Text => $"tokenledger-mesh: {Code}: {Message}";

    public static MeshFailure Of(Exception exception) => exception switch
    {
        MeshConfigurationException e => new(Configuration, e.Code, e.Message),
        StrictJsonException e => new(Configuration, "CONFIGURATION_INVALID", e.Message),
        CryptoUnavailableException e => new(Configuration, "LIBRARY_MISSING", e.Message),
        InvariantException e => new(Invariant, "INVARIANT_BROKEN", e.Message),
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } e => new(
            Network, "PORT_OCCUPIED",
            e.Message + " Stop what uses it, or change listen in the configuration."),
        IOException e => new(Other, "IO", e.Message),
        UnauthorizedAccessException e => new(Configuration, "ACCESS_DENIED", e.Message),
        _ => new(Other, "FAILED", exception.Message),
    };
}
