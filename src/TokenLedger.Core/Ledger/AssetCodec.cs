// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Codec;

namespace TokenLedger.Core.Ledger;

/// <summary>Canonical form of instruments and their documents.</summary>
public static class AssetCodec
{
    private const int IsinBytes = 12;

    /// <summary>Writes a definition.</summary>
    public static void Write(CanonicalWriter writer, AssetDefinition asset)
    {
        writer.Asset(asset.Id);
        writer.U8((byte)asset.Class);
        writer.Text(asset.Name);
        writer.Text(asset.NameUrdu);
        writer.U8(asset.Decimals);
        writer.Amount(asset.Cap);
        writer.U128(asset.UnitValueMicroUsd);
        writer.Address(asset.Issuer);
        AssetTerms terms = asset.Terms;
        writer.Text(terms.Isin);
        writer.U64(terms.IssueDate.Value);
        writer.U64(terms.MaturityDate.Value);
        writer.U32(terms.CouponBasisPoints);
        writer.U8(terms.PaymentsPerYear);
        writer.U8((byte)terms.DayCount);
        writer.List(terms.Attributes, static (w, attribute) =>
        {
            w.Text(attribute.Key);
            w.Text(attribute.Value);
        });
    }

    /// <summary>Reads a definition.</summary>
    public static AssetDefinition Read(ref CanonicalReader reader) => new(
        reader.Asset(),
        reader.Enum8<AssetClass>(),
        reader.Text(Limits.NameBytes),
        reader.Text(Limits.NameBytes),
        reader.U8(),
        reader.Amount(),
        reader.U128(),
        reader.Address(),
        new AssetTerms(
            reader.Text(IsinBytes),
            new TimestampMs(reader.U64()),
            new TimestampMs(reader.U64()),
            reader.U32(),
            reader.U8(),
            reader.Enum8<DayCount>(),
            reader.List(Limits.AttributesPerAsset, static (ref CanonicalReader r) =>
                new TermAttribute(r.Text(Limits.AttributeKeyBytes), r.Text(Limits.AttributeValueBytes)))));

    /// <summary>Writes a document.</summary>
    public static void WriteDocument(CanonicalWriter writer, AssetDocument document)
    {
        writer.Text(document.Title);
        writer.Hash(document.Hash);
        writer.Text(document.Uri);
    }

    /// <summary>Reads a document.</summary>
    public static AssetDocument ReadDocument(ref CanonicalReader reader) =>
        new(reader.Text(Limits.NameBytes), reader.Hash(), reader.Text(Limits.UriBytes));
}
