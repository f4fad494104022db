// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;

namespace TokenLedger.Cli.Networks;

/// <summary>What a new development network shall be.</summary>
/// <param name="TemplateFolder">Folder with network.json, portfolio.json and the documents that they
/// name.</param>
/// <param name="OutputFolder">Folder to create; must not exist.</param>
/// <param name="Validators">How many validators, 1 to <see cref="Limits.Validators"/>.</param>
/// <param name="BasePort">Validator i listens on BasePort + 100·i + 1 (peers), + 2 (API) and + 3
/// (operations).</param>
public sealed record NetworkOptions(string TemplateFolder, string OutputFolder, int Validators, int BasePort)
{
    /// <summary>The lowest port that needs no privilege.</summary>
    public const int MinBasePort = 1024;

    /// <summary>The highest base port with room for all validators.</summary>
    public static int MaxBasePort(int validators) => 65_535 - (100 * validators) - 3;

    /// <summary>What is wrong with these numbers; null for nothing.</summary>
    internal static string? Problem(int validators, int basePort)
    {
        if (validators is < 1 or > Limits.Validators)
        {
            return $"A network has 1 to {Limits.Validators} validators, not {validators}.";
        }

        int max = MaxBasePort(validators);
        return basePort < MinBasePort || basePort > max
            ? $"The base port of {validators} validators is from {MinBasePort} to {max}, not {basePort}."
            : null;
    }

    internal int PeerPort(int validator) => BasePort + (100 * validator) + 1;

    internal int ApiPort(int validator) => BasePort + (100 * validator) + 2;

    internal int OperationsPort(int validator) => BasePort + (100 * validator) + 3;
}

/// <summary>A network that was created.</summary>
/// <param name="Folder">Where it stands.</param>
/// <param name="GenesisHash">Its identity.</param>
/// <param name="ChainId">Its EIP-712 chain id.</param>
/// <param name="Validators">How many validators it has.</param>
public sealed record CreatedNetwork(string Folder, Hash256 GenesisHash, ulong ChainId, int Validators);

/// <summary>A network could not be created; nothing is left behind. The message is for people.</summary>
public sealed class NetworkCreationException : Exception
{
    /// <summary>Says why.</summary>
    public NetworkCreationException(string message)
        : base(message)
    {
    }

    /// <summary>Says why, with the cause.</summary>
    public NetworkCreationException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
