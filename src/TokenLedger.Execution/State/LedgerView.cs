// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Execution;

/// <summary>A state read as records instead of bytes. As thread-safe as the state beneath.</summary>
public sealed partial class LedgerView
{
    private readonly IStateView _state;

    /// <summary>A typed face of <paramref name="state"/>.</summary>
    public LedgerView(IStateView state) => _state = state;

    /// <summary>A registered account; null when there is none.</summary>
    public AccountState? Account(Address address) => Read(StateKeys.Account(address), StateCodec.ReadAccount);

    /// <summary>An account's units of an asset; zero when there are none.</summary>
    public Amount Balance(Address account, AssetId asset) =>
        ReadValue(StateKeys.Balance(account, asset), StateCodec.ReadAmount);

    /// <summary>The nonce that a sender's lane must use next.</summary>
    public ulong NextNonce(Address sender, uint lane) =>
        ReadValue(StateKeys.Nonce(sender, lane), StateCodec.ReadNumber);

    /// <summary>What a request id stands for; null when it is free.</summary>
    public RequestState? Request(Address sender, RequestId id) =>
        Read(StateKeys.Request(sender, id), StateCodec.ReadRequest);

    /// <summary>An asset; null when there is none.</summary>
    public AssetState? Asset(AssetId id) => Read(StateKeys.Asset(id), StateCodec.ReadAsset);

    /// <summary>An asset's outstanding amount.</summary>
    public Amount Supply(AssetId id) => ReadValue(StateKeys.Supply(id), StateCodec.ReadAmount);

    /// <summary>An asset's documents in the order of attachment.</summary>
    public IReadOnlyList<AssetDocument> Documents(AssetId id)
    {
        var documents = new List<AssetDocument>();
        for (ushort i = 0; i < Limits.DocumentsPerAsset; i++)
        {
            if (Read(StateKeys.Document(id, i), AssetCodec.ReadDocument) is not { } document)
            {
                break;
            }

            documents.Add(document);
        }

        return documents;
    }

    /// <summary>An institution; null when there is none.</summary>
    public InstitutionState? Institution(Address id) =>
        Read(StateKeys.Institution(id), StateCodec.ReadInstitution);

    /// <summary>An officer, revoked ones included; null when the key never was one.</summary>
    public OfficerState? Officer(Address officer) => Read(StateKeys.Officer(officer), StateCodec.ReadOfficer);

    /// <summary>The approval policy of a kind of operation; null when there is none.</summary>
    public ApprovalPolicy? Policy(PrivilegedKind kind) => Read(StateKeys.Policy(kind), StateCodec.ReadPolicy);

    /// <summary>A proposal; null when there is none.</summary>
    public ProposalState? Proposal(ulong id) => Read(StateKeys.Proposal(id), StateCodec.ReadProposal);

    /// <summary>The id that the next proposal gets; the first is 1.</summary>
    public ulong NextProposal() =>
        _state.TryGet(StateKeys.Meta(MetaKey.NextProposal), out ReadOnlyMemory<byte> value)
            ? StateCodec.Decode(value.Span, StateCodec.ReadNumber)
            : 1;

    private T? Read<T>(byte[] key, CanonicalRead<T> read)
        where T : class =>
        _state.TryGet(key, out ReadOnlyMemory<byte> value) ? StateCodec.Decode(value.Span, read) : null;

    private T ReadValue<T>(byte[] key, CanonicalRead<T> read)
        where T : struct =>
        _state.TryGet(key, out ReadOnlyMemory<byte> value) ? StateCodec.Decode(value.Span, read) : default;
}
