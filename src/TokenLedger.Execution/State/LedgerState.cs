// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Codec;
using TokenLedger.Core.Ledger;
using TokenLedger.Core.State;

namespace TokenLedger.Execution;

/// <summary>An overlay read and written as records: the only place where execution turns records into
/// bytes.</summary>
internal sealed partial class LedgerState
{
    private readonly CanonicalWriter _writer = new();

    // Decoding an asset costs more than a transfer, so the last decoded form is kept beside the very bytes it
    // came from. Comparing bytes makes it right after any write or rollback.
    private readonly Dictionary<AssetId, (ReadOnlyMemory<byte> Bytes, AssetState Asset)> _assets = [];

    public LedgerState(Overlay overlay)
    {
        Overlay = overlay;
        Read = new LedgerView(overlay);
    }

    public Overlay Overlay { get; }

    public LedgerView Read { get; }

    public AssetState? Asset(in AssetId id)
    {
        if (!Overlay.TryGet(StateKeys.Asset(id), out ReadOnlyMemory<byte> bytes))
        {
            return null;
        }

        if (_assets.TryGetValue(id, out var kept) && kept.Bytes.Span.SequenceEqual(bytes.Span))
        {
            return kept.Asset;
        }

        AssetState asset = StateCodec.Decode(bytes.Span, StateCodec.ReadAsset);
        _assets[id] = (bytes, asset);
        return asset;
    }

    /// <summary>A balance and the key to write it back with.</summary>
    public BalanceCell Balance(in Address account, in AssetId asset)
    {
        byte[] key = StateKeys.Balance(account, asset);
        Amount amount = Overlay.TryGet(key, out ReadOnlyMemory<byte> bytes)
            ? StateCodec.Decode(bytes.Span, StateCodec.ReadAmount)
            : Amount.Zero;
        return new BalanceCell(key, amount);
    }

    /// <summary>Sets a balance; a zero leaves no row.</summary>
    public void Put(in BalanceCell cell, Amount amount)
    {
        if (amount.IsZero)
        {
            Overlay.Remove(cell.Key);
        }
        else
        {
            Overlay.Put(cell.Key, Encode(amount, StateCodec.WriteAmount));
        }
    }

    public void PutNextNonce(in Address sender, uint lane, ulong next) =>
        Overlay.Put(StateKeys.Nonce(sender, lane), Encode(next, StateCodec.WriteNumber));

    public void PutAccount(in Address address, AccountState account) =>
        Overlay.Put(StateKeys.Account(address), Encode(account, StateCodec.WriteAccount));

    public void PutAsset(AssetState asset) =>
        Overlay.Put(StateKeys.Asset(asset.Definition.Id), Encode(asset, StateCodec.WriteAsset));

    /// <summary>Sets an asset's outstanding amount; a zero leaves no row.</summary>
    public void PutSupply(in AssetId asset, Amount supply)
    {
        if (supply.IsZero)
        {
            Overlay.Remove(StateKeys.Supply(asset));
        }
        else
        {
            Overlay.Put(StateKeys.Supply(asset), Encode(supply, StateCodec.WriteAmount));
        }
    }

    public void PutDocument(in AssetId asset, ushort index, AssetDocument document) =>
        Overlay.Put(StateKeys.Document(asset, index), Encode(document, AssetCodec.WriteDocument));

    public void PutInstitution(in Address id, InstitutionState institution) =>
        Overlay.Put(StateKeys.Institution(id), Encode(institution, StateCodec.WriteInstitution));

    public void PutOfficer(in Address key, OfficerState officer) =>
        Overlay.Put(StateKeys.Officer(key), Encode(officer, StateCodec.WriteOfficer));

    public void PutPolicy(ApprovalPolicy policy) =>
        Overlay.Put(StateKeys.Policy(policy.Kind), Encode(policy, StateCodec.WritePolicy));

    public void PutProposal(ulong id, ProposalState proposal) =>
        Overlay.Put(StateKeys.Proposal(id), Encode(proposal, StateCodec.WriteProposal));

    public void PutNextProposal(ulong next) =>
        Overlay.Put(StateKeys.Meta(MetaKey.NextProposal), Encode(next, StateCodec.WriteNumber));

    public void PutSchedule(TimestampMs executeAt, ulong proposalId) =>
        Overlay.Put(StateKeys.Schedule(executeAt, proposalId), []);

    public void RemoveSchedule(TimestampMs executeAt, ulong proposalId) =>
        Overlay.Remove(StateKeys.Schedule(executeAt, proposalId));

    public void PutRequest(in Address sender, RequestId id, RequestState request)
    {
        Overlay.Put(StateKeys.Request(sender, id), Encode(request, StateCodec.WriteRequest));
        Overlay.Put(StateKeys.RequestExpiry(request.ValidUntil, sender, id), []);
    }

    private byte[] Encode<T>(T value, Action<CanonicalWriter, T> write)
    {
        _writer.Clear();
        write(_writer, value);
        return _writer.ToArray();
    }
}

/// <summary>A balance and its key.</summary>
internal readonly record struct BalanceCell(byte[] Key, Amount Amount);
