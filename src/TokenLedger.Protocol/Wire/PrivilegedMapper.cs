// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Core;
using TokenLedger.Core.Ledger;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Protocol.Wire;

/// <summary>Privileged operations and instruments between wire and domain. Pure and thread-safe.</summary>
public static class PrivilegedMapper
{
    /// <summary>The wire form of a privileged operation.</summary>
    public static V1.PrivilegedOperation ToWire(PrivilegedOperation operation) => operation switch
    {
        CreateAsset create => new() { CreateAsset = new() { Definition = ToWire(create.Definition) } },
        IssueUnits issue => new()
        {
            IssueUnits = new()
            {
                Asset = issue.Asset.ToString(),
                To = Field.Of(issue.To),
                Amount = issue.Amount.ToString(),
            },
        },
        BurnUnits burn => new()
        {
            BurnUnits = new()
            {
                Asset = burn.Asset.ToString(),
                From = Field.Of(burn.From),
                Amount = burn.Amount.ToString(),
                Reason = burn.Reason,
            },
        },
        AttachDocument attach => new()
        {
            AttachDocument = new() { Asset = attach.Asset.ToString(), Document = ToWire(attach.Document) },
        },
        SetAssetCap cap => new()
        {
            SetAssetCap = new() { Asset = cap.Asset.ToString(), Cap = cap.Cap.ToString() },
        },
        PauseAsset pause =>
            new() { PauseAsset = new() { Asset = pause.Asset.ToString(), Reason = pause.Reason } },
        ResumeAsset resume => new()
        {
            ResumeAsset = new() { Asset = resume.Asset.ToString(), Reason = resume.Reason },
        },
        FreezeAccount freeze => new()
        {
            FreezeAccount = new()
            {
                Account = Field.Of(freeze.Account),
                Mode = (V1.FreezeMode)freeze.Mode,
                LegalReference = freeze.LegalReference,
                DocumentHash = Field.OfOptional(freeze.DocumentHash),
            },
        },
        UnfreezeAccount unfreeze => new()
        {
            UnfreezeAccount = new()
            {
                Account = Field.Of(unfreeze.Account),
                LegalReference = unfreeze.LegalReference,
            },
        },
        GrantOfficer grant => new()
        {
            GrantOfficer = new()
            {
                Institution = Field.Of(grant.Institution),
                Officer = Field.Of(grant.Officer),
                Duties = (uint)grant.Duties,
                Name = grant.Name,
            },
        },
        RevokeOfficer revoke => new()
        {
            RevokeOfficer = new() { Officer = Field.Of(revoke.Officer), Reason = revoke.Reason },
        },
        _ => BridgeMapper.ToWire(operation) ?? throw Unknown(operation),
    };

    /// <summary>The wire form of an instrument.</summary>
    public static V1.AssetDefinition ToWire(AssetDefinition asset)
    {
        AssetTerms terms = asset.Terms;
        var wireTerms = new V1.AssetTerms
        {
            Isin = terms.Isin,
            IssueDateMs = terms.IssueDate.Value,
            MaturityDateMs = terms.MaturityDate.Value,
            CouponBasisPoints = terms.CouponBasisPoints,
            PaymentsPerYear = terms.PaymentsPerYear,
            DayCount = (V1.DayCount)terms.DayCount,
        };
        foreach (TermAttribute attribute in terms.Attributes)
        {
            wireTerms.Attributes.Add(new V1.TermAttribute { Key = attribute.Key, Value = attribute.Value });
        }

        return new V1.AssetDefinition
        {
            Symbol = asset.Id.ToString(),
            AssetClass = (V1.AssetClass)asset.Class,
            Name = asset.Name,
            NameUrdu = asset.NameUrdu,
            Decimals = asset.Decimals,
            Cap = asset.Cap.ToString(),
            UnitValueMicroUsd = asset.UnitValueMicroUsd.ToString(CultureInfo.InvariantCulture),
            Issuer = Field.Of(asset.Issuer),
            Terms = wireTerms,
        };
    }

    /// <summary>The wire form of a document.</summary>
    public static V1.AssetDocument ToWire(AssetDocument document) => new()
    {
        Title = document.Title,
        Hash = Field.Of(document.Hash),
        Uri = document.Uri,
    };

    internal static PrivilegedOperation ToDomain(V1.PrivilegedOperation wire) => wire.KindCase switch
    {
        V1.PrivilegedOperation.KindOneofCase.CreateAsset => new CreateAsset(
            ToDomain(Field.Required(wire.CreateAsset.Definition, "create_asset.definition"))),
        V1.PrivilegedOperation.KindOneofCase.IssueUnits => new IssueUnits(
            Field.Asset(wire.IssueUnits.Asset, "issue_units.asset"),
            Field.Address(wire.IssueUnits.To, "issue_units.to"),
            Field.Amount(wire.IssueUnits.Amount, "issue_units.amount")),
        V1.PrivilegedOperation.KindOneofCase.BurnUnits => new BurnUnits(
            Field.Asset(wire.BurnUnits.Asset, "burn_units.asset"),
            Field.Address(wire.BurnUnits.From, "burn_units.from"),
            Field.Amount(wire.BurnUnits.Amount, "burn_units.amount"),
            wire.BurnUnits.Reason),
        V1.PrivilegedOperation.KindOneofCase.AttachDocument => new AttachDocument(
            Field.Asset(wire.AttachDocument.Asset, "attach_document.asset"),
            ToDomain(Field.Required(wire.AttachDocument.Document, "attach_document.document"))),
        V1.PrivilegedOperation.KindOneofCase.SetAssetCap => new SetAssetCap(
            Field.Asset(wire.SetAssetCap.Asset, "set_asset_cap.asset"),
            Field.Amount(wire.SetAssetCap.Cap, "set_asset_cap.cap")),
        V1.PrivilegedOperation.KindOneofCase.PauseAsset => new PauseAsset(
            Field.Asset(wire.PauseAsset.Asset, "pause_asset.asset"), wire.PauseAsset.Reason),
        V1.PrivilegedOperation.KindOneofCase.ResumeAsset => new ResumeAsset(
            Field.Asset(wire.ResumeAsset.Asset, "resume_asset.asset"), wire.ResumeAsset.Reason),
        V1.PrivilegedOperation.KindOneofCase.FreezeAccount => new FreezeAccount(
            Field.Address(wire.FreezeAccount.Account, "freeze_account.account"),
            Field.Enum<FreezeMode>((int)wire.FreezeAccount.Mode, "freeze_account.mode"),
            wire.FreezeAccount.LegalReference,
            Field.OptionalHash(wire.FreezeAccount.DocumentHash, "freeze_account.document_hash")),
        V1.PrivilegedOperation.KindOneofCase.UnfreezeAccount => new UnfreezeAccount(
            Field.Address(wire.UnfreezeAccount.Account, "unfreeze_account.account"),
            wire.UnfreezeAccount.LegalReference),
        V1.PrivilegedOperation.KindOneofCase.GrantOfficer => new GrantOfficer(
            Field.Address(wire.GrantOfficer.Institution, "grant_officer.institution"),
            Field.Address(wire.GrantOfficer.Officer, "grant_officer.officer"),
            DutiesFrom(wire.GrantOfficer.Duties),
            wire.GrantOfficer.Name),
        V1.PrivilegedOperation.KindOneofCase.RevokeOfficer => new RevokeOfficer(
            Field.Address(wire.RevokeOfficer.Officer, "revoke_officer.officer"), wire.RevokeOfficer.Reason),
        _ => BridgeMapper.ToDomain(wire)
            ?? throw Field.Invalid("A privileged operation is of no known kind."),
    };

    private static AssetDefinition ToDomain(V1.AssetDefinition wire)
    {
        V1.AssetTerms terms = Field.Required(wire.Terms, "definition.terms");
        if (terms.Attributes.Count > Limits.AttributesPerAsset)
        {
            throw new FieldException(
                RejectionCode.TooLarge, $"An asset has at most {Limits.AttributesPerAsset} attributes.");
        }

        return new AssetDefinition(
            Field.Asset(wire.Symbol, "definition.symbol"),
            Field.Enum<AssetClass>((int)wire.AssetClass, "definition.asset_class"),
            wire.Name,
            wire.NameUrdu,
            Field.Byte(wire.Decimals, "definition.decimals"),
            Field.Amount(wire.Cap, "definition.cap"),
            Field.Amount(wire.UnitValueMicroUsd, "definition.unit_value_micro_usd").Units,
            Field.Address(wire.Issuer, "definition.issuer"),
            new AssetTerms(
                terms.Isin,
                new TimestampMs(terms.IssueDateMs),
                new TimestampMs(terms.MaturityDateMs),
                terms.CouponBasisPoints,
                Field.Byte(terms.PaymentsPerYear, "terms.payments_per_year"),
                Field.Enum<DayCount>((int)terms.DayCount, "terms.day_count"),
                [.. terms.Attributes.Select(a => new TermAttribute(a.Key, a.Value))]));
    }

    private static AssetDocument ToDomain(V1.AssetDocument wire) =>
        new(wire.Title, Field.Hash(wire.Hash, "document.hash"), wire.Uri);

    private static Duties DutiesFrom(uint bits) =>
        bits <= (uint)(Duties.Maker | Duties.Checker | Duties.Registrar)
        ? (Duties)bits
        : throw Field.Invalid($"duties is {bits}; the known bits are 1, 2 and 4.");

    private static InvariantException Unknown(PrivilegedOperation operation) =>
        new($"{operation.GetType().Name} has no wire form");
}
