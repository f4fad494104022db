// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Cli.Shell;
using TokenLedger.Core;
using TokenLedger.Crypto;
using TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Cli.Network;

/// <summary>Which network a signature is for.</summary>
internal sealed record NetworkIdentity(string Name, ulong ChainId, Hash256 GenesisHash)
{
    /// <summary>The digests that this network's signatures are over.</summary>
    public TransactionDigest Digest => new(ChainId, GenesisHash);

    /// <summary>The identity that a context pins.</summary>
    /// <exception cref="CliException">It pins none: then nothing is signed.</exception>
    public static NetworkIdentity Pinned(ContextFile? context)
    {
        if (context?.GenesisHash is not { } genesis || context.ChainId is 0 or > Limits.ChainIdMax)
        {
            throw new CliException(
                "NETWORK_NOT_PINNED", ExitCode.Auth, "There is no genesis hash to check the network with.",
                "A signature is for one network; without its genesis hash a false node could choose which.",
                "tl context create NAME --endpoint URL --genesis HASH --use");
        }

        return new NetworkIdentity(context.Name, context.ChainId, genesis);
    }

    /// <summary>The identity that a context pins; null when it pins none, which is enough to read.</summary>
    public static NetworkIdentity? PinnedOrNull(ContextFile? context) =>
        context is { GenesisHash: not null, ChainId: > 0 and <= Limits.ChainIdMax } ? Pinned(context) : null;

    /// <summary>What a node says that it is.</summary>
    public static NetworkIdentity Of(GetNetworkResponse response) => new(
        response.NetworkName,
        response.ChainId,
        response.GenesisHash.Length == Hash256.Size ? new Hash256(response.GenesisHash.Span) : Hash256.Zero);

    /// <summary>Requires that a node is of this network.</summary>
    /// <exception cref="CliException">It is of another.</exception>
    public void Require(NetworkIdentity node)
    {
        if (node.GenesisHash != GenesisHash || node.ChainId != ChainId)
        {
            string what = node.GenesisHash != GenesisHash ? "genesis hash" : "chain id";
            throw new CliException(
                "WRONG_NETWORK", ExitCode.VerificationFailed,
                $"The node is of another network: its {what} is not the context's.",
                $"Node: {node.Name}, chain id {node.ChainId}, genesis {node.GenesisHash}. "
                + $"Context {Name}: chain id {ChainId}, genesis {GenesisHash}. "
                + "Nothing was signed or believed.",
                "tl context show");
        }
    }
}
