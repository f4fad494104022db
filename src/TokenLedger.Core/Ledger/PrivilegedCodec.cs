// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core.Bridge;
using TokenLedger.Core.Codec;

namespace TokenLedger.Core.Ledger;

/// <summary>
/// Canonical form of privileged operations: a kind byte, then the fields. State keeps proposals in it, and
/// approvals name its hash.
/// </summary>
public static class PrivilegedCodec
{
    /// <summary>
    /// The hash that approvers approve: it covers every byte of the payload, and the network.
    /// </summary>
    public static Hash256 PayloadHash(in Hash256 genesisHash, ImmutableArray<PrivilegedOperation> payload)
    {
        var writer = new CanonicalWriter();
        writer.List(payload, Write);
        return Hashing.Hash(DomainTag.ProposalPayload, genesisHash, writer.Written);
    }

    /// <summary>Writes one operation.</summary>
    public static void Write(CanonicalWriter writer, PrivilegedOperation operation)
    {
        writer.U8((byte)operation.Kind);
        switch (operation)
        {
            case CreateAsset create:
                AssetCodec.Write(writer, create.Definition);
                break;
            case IssueUnits issue:
                writer.Asset(issue.Asset);
                writer.Address(issue.To);
                writer.Amount(issue.Amount);
                break;
            case BurnUnits burn:
                writer.Asset(burn.Asset);
                writer.Address(burn.From);
                writer.Amount(burn.Amount);
                writer.Text(burn.Reason);
                break;
            case AttachDocument attach:
                writer.Asset(attach.Asset);
                AssetCodec.WriteDocument(writer, attach.Document);
                break;
            case SetAssetCap cap:
                writer.Asset(cap.Asset);
                writer.Amount(cap.Cap);
                break;
            case PauseAsset pause:
                writer.Asset(pause.Asset);
                writer.Text(pause.Reason);
                break;
            case ResumeAsset resume:
                writer.Asset(resume.Asset);
                writer.Text(resume.Reason);
                break;
            case FreezeAccount freeze:
                writer.Address(freeze.Account);
                writer.U8((byte)freeze.Mode);
                writer.Text(freeze.LegalReference);
                writer.Hash(freeze.DocumentHash);
                break;
            case UnfreezeAccount unfreeze:
                writer.Address(unfreeze.Account);
                writer.Text(unfreeze.LegalReference);
                break;
            case GrantOfficer grant:
                writer.Address(grant.Institution);
                writer.Address(grant.Officer);
                writer.U8((byte)grant.Duties);
                writer.Text(grant.Name);
                break;
            case RevokeOfficer revoke:
                writer.Address(revoke.Officer);
                writer.Text(revoke.Reason);
                break;
            default:
                BridgePrivilegedCodec.Write(writer, operation);
                break;
        }
    }

    /// <summary>Reads one operation.</summary>
    public static PrivilegedOperation Read(ref CanonicalReader reader) =>
        reader.Enum8<PrivilegedKind>() switch
        {
            PrivilegedKind.CreateAsset => new CreateAsset(AssetCodec.Read(ref reader)),
            PrivilegedKind.IssueUnits => new IssueUnits(reader.Asset(), reader.Address(), reader.Amount()),
            PrivilegedKind.BurnUnits => new BurnUnits(
                reader.Asset(), reader.Address(), reader.Amount(), reader.Text(Limits.ReferenceBytes)),
            PrivilegedKind.AttachDocument =>
                new AttachDocument(reader.Asset(), AssetCodec.ReadDocument(ref reader)),
            PrivilegedKind.SetAssetCap => new SetAssetCap(reader.Asset(), reader.Amount()),
            PrivilegedKind.PauseAsset => new PauseAsset(reader.Asset(), reader.Text(Limits.ReferenceBytes)),
            PrivilegedKind.ResumeAsset => new ResumeAsset(reader.Asset(), reader.Text(Limits.ReferenceBytes)),
            PrivilegedKind.FreezeAccount => new FreezeAccount(
                reader.Address(), reader.Enum8<FreezeMode>(), reader.Text(Limits.ReferenceBytes),
                reader.Hash()),
            PrivilegedKind.UnfreezeAccount => new UnfreezeAccount(
                reader.Address(), reader.Text(Limits.ReferenceBytes)),
            PrivilegedKind.GrantOfficer => new GrantOfficer(
                reader.Address(), reader.Address(), ReadDuties(ref reader), reader.Text(Limits.NameBytes)),
            PrivilegedKind.RevokeOfficer => new RevokeOfficer(
                reader.Address(), reader.Text(Limits.ReferenceBytes)),
            PrivilegedKind bridge => BridgePrivilegedCodec.Read(ref reader, bridge),
        };

    /// <summary>Reads duties: no bit but the known ones.</summary>
    public static Duties ReadDuties(ref CanonicalReader reader)
    {
        byte bits = reader.U8();
        const byte Known = (byte)(Duties.Maker | Duties.Checker | Duties.Registrar);
        return (bits & ~Known) == 0
            ? (Duties)bits
            : throw new CanonicalFormatException($"{bits} has duties that nobody defined.");
    }
}
