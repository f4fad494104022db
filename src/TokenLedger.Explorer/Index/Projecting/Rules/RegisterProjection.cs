// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using TokenLedger.Protocol.Blocks;

namespace TokenLedger.Explorer.Index.Projecting.Rules;

/// <summary>Registers: accounts and their freezes, assets and their documents, officers.</summary>
internal sealed class RegisterProjection
{
    private readonly Height _height;
    private readonly TimestampMs _time;
    private readonly ExecutedPayloads _payloads;
    private readonly Working<AssetId, AssetRow> _assets;

    /// <param name="block">The block.</param>
    /// <param name="before">The rows before it.</param>
    /// <param name="payloads">What the proposals did that it executes.</param>
    /// <param name="assets">Assets, which units change too.</param>
    public RegisterProjection(
        VerifiedBlock block, ProjectionState before, ExecutedPayloads payloads,
        Working<AssetId, AssetRow> assets)
    {
        _height = block.Header.Height;
        _time = block.Header.Timestamp;
        _assets = assets;
        Accounts = new Working<Address, AccountRow>(before.Accounts);
        Officers = new Working<Address, OfficerRow>(before.Officers);
        _payloads = payloads;
    }

    public Working<Address, AccountRow> Accounts { get; }

    public Working<Address, OfficerRow> Officers { get; }

    public List<DocumentRow> Documents { get; } = [];

    public List<FreezeRow> Freezes { get; } = [];

    public List<SearchTerm> Terms { get; } = [];

    public ulong NewAccounts { get; private set; }

    public ulong NewAssets { get; private set; }

    /// <summary>Applies an event that is about registers.</summary>
    /// <returns>False when it is not.</returns>
    public bool Apply(EventPlace place, LedgerEvent happened)
    {
        switch (happened)
        {
            case AccountRegistered e:
                Register(e);
                return true;
            case AccountFrozen e:
                Freeze(place, e.Account, e.Mode, e.LegalReference, e.DocumentHash);
                return true;
            case AccountUnfrozen e:
                Freeze(place, e.Account, FreezeMode.None, e.LegalReference, Hash256.Zero);
                return true;
            case TagRequirementSet e:
                Accounts.Set(
                    e.Account, Known(Accounts, e.Account, "account") with { TagRequired = e.Required });
                return true;
            case OfficerGranted e:
                Officers.Set(e.Officer, new OfficerRow(
                    e.Officer, e.Institution, e.Duties, _payloads.NextGrant(e.Institution, e.Officer).Name,
                    _height, _time));
                return true;
            case OfficerRevoked e:
                Officers.Set(e.Officer, Known(Officers, e.Officer, "officer") with
                {
                    Duties = Duties.None,
                    ChangedAt = _height,
                    Changed = _time,
                });
                return true;
            default:
                return ApplyAsset(happened);
        }
    }

    private bool ApplyAsset(LedgerEvent happened)
    {
        switch (happened)
        {
            case AssetCreated e:
                Create(_payloads.DefinitionOf(e.Asset));
                return true;
            case DocumentAttached e:
                Attach(e.Asset, _payloads.DocumentOf(e.Asset, e.DocumentHash));
                return true;
            case AssetCapSet e:
                ChangeAsset(e.Asset, asset => asset with { Cap = e.Cap });
                return true;
            case AssetPaused e:
                ChangeAsset(e.Asset, asset => asset with { Paused = true, PauseReason = e.Reason });
                return true;
            case AssetResumed e:
                ChangeAsset(e.Asset, static asset => asset with { Paused = false, PauseReason = "" });
                return true;
            default:
                return false;
        }
    }

    private void Register(AccountRegistered e)
    {
        // A bridge's signers may be entered again, for another institution.
        if (!Accounts.TryGet(e.Account, out AccountRow? known))
        {
            NewAccounts++;
        }

        Accounts.Set(e.Account, known is null
            ? new AccountRow(
                e.Account, e.Kind, e.Institution, e.Registrar, FreezeMode.None, "", Hash256.Zero, default,
                _height, _time)
            : known with { Kind = e.Kind, Institution = e.Institution, Registrar = e.Registrar });
    }

    private void Freeze(
        EventPlace place, Address account, FreezeMode mode, string reference, Hash256 document)
    {
        bool free = mode == FreezeMode.None;
        Accounts.Set(account, Known(Accounts, account, "account") with
        {
            Freeze = mode,
            LegalReference = free ? "" : reference,
            FreezeDocument = document,
            FrozenAt = free ? default : _height,
        });
        Freezes.Add(new FreezeRow(place, account, mode, reference, document, _time));
    }

    private void Create(AssetDefinition definition)
    {
        _assets.Set(definition.Id, new AssetRow(
            definition, definition.Cap, Amount.Zero, Paused: false, PauseReason: "", Documents: 0,
            Holders: 0, _height, _time));
        Terms.AddRange(RowTerms.Of(definition));
        NewAssets++;
    }

    private void Attach(AssetId asset, AssetDocument document)
    {
        AssetRow row = Known(_assets, asset, "asset");
        Documents.Add(new DocumentRow(asset, row.Documents, document, _height, _time));
        _assets.Set(asset, row with { Documents = (ushort)(row.Documents + 1) });
    }

    private void ChangeAsset(AssetId asset, Func<AssetRow, AssetRow> change) =>
        _assets.Set(asset, change(Known(_assets, asset, "asset")));

    private TRow Known<TKey, TRow>(Working<TKey, TRow> rows, TKey key, string what)
        where TKey : notnull
        where TRow : class => rows.TryGet(key, out TRow? row)
            ? row
            : throw new ProjectionException(_height, $"there is no {what} {key}.");
}
