// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Bridge.Ledger;
using TokenLedger.Bridge.Remote;
using TokenLedger.Bridge.Sending;
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Consensus;

namespace TokenLedger.Bridge;

/// <summary>What a lane's worker is put together from.</summary>
public sealed class LaneParts
{
    /// <summary>How long a transaction of the ledger is waited for before its content is handed in again,
    /// ms.</summary>
    internal const ulong AgainAfterMs = 5_000;

    private DateTimeOffset? _checked;

    /// <summary>The ledger's genesis hash.</summary>
    public required Hash256 LedgerId { get; init; }

    /// <summary>How to reach the chain, and what to pay.</summary>
    public required LaneSettings Settings { get; init; }

    /// <summary>The door to the ledger.</summary>
    public required IAttestationSink Ledger { get; init; }

    /// <summary>The chain abroad.</summary>
    public required IRemoteChain Remote { get; init; }

    /// <summary>What must not be forgotten.</summary>
    public required BridgeJournal Journal { get; init; }

    /// <summary>What is signed.</summary>
    public required BridgeMessages Messages { get; init; }

    /// <summary>The key that signs and observes.</summary>
    public required ISigner Signer { get; init; }

    /// <summary>Checks other signers' signatures.</summary>
    public required ISignatureScheme Signatures { get; init; }

    /// <summary>Carries messages abroad.</summary>
    public required EvmSender Sender { get; init; }

    /// <summary>The key that pays abroad.</summary>
    public required Address SenderAddress { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Compares chain and contracts with the lane's, at first and then from time to time.</summary>
    internal async Task CheckIdentityAsync(OpenBridgeLane lane, CancellationToken cancellationToken)
    {
        DateTimeOffset now = Time.GetUtcNow();
        if (_checked is not { } last || now - last >= Settings.Identity)
        {
            await Remote.CheckIdentityAsync(LedgerId, lane, cancellationToken).ConfigureAwait(false);
            _checked = now;
        }
    }
}
