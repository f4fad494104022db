// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Execution;

/// <summary>A state read as records instead of bytes. As thread-safe as the state beneath.</summary>
public sealed class LedgerView
{
    /// <summary>A typed face of <paramref name="state"/>.</summary>
    public LedgerView(IStateView state) => throw new NotImplementedException();

    /// <summary>A registered account; null when there is none.</summary>
    public AccountState? Account(Address address) => throw new NotImplementedException();

    /// <summary>An account's units of an asset; zero when there are none.</summary>
    public Amount Balance(Address account, AssetId asset) => throw new NotImplementedException();

    /// <summary>The nonce that a sender's lane must use next.</summary>
    public ulong NextNonce(Address sender, uint lane) => throw new NotImplementedException();

    /// <summary>What a request id stands for; null when it is free.</summary>
    public RequestState? Request(Address sender, RequestId id) => throw new NotImplementedException();

    /// <summary>An asset; null when there is none.</summary>
    public AssetState? Asset(AssetId id) => throw new NotImplementedException();

    /// <summary>An asset's outstanding amount.</summary>
    public Amount Supply(AssetId id) => throw new NotImplementedException();

    /// <summary>An asset's documents in the order of attachment.</summary>
    public IReadOnlyList<AssetDocument> Documents(AssetId id) => throw new NotImplementedException();

    /// <summary>An institution; null when there is none.</summary>
    public InstitutionState? Institution(Address id) => throw new NotImplementedException();

    /// <summary>An officer, revoked ones included; null when the key never was one.</summary>
    public OfficerState? Officer(Address officer) => throw new NotImplementedException();

    /// <summary>The approval policy of a kind of operation; null when there is none.</summary>
    public ApprovalPolicy? Policy(PrivilegedKind kind) => throw new NotImplementedException();

    /// <summary>A proposal; null when there is none.</summary>
    public ProposalState? Proposal(ulong id) => throw new NotImplementedException();

    /// <summary>The id that the next proposal gets; the first is 1.</summary>
    public ulong NextProposal() => throw new NotImplementedException();
}
