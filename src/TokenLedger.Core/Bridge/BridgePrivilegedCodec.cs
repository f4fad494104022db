// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core.Codec;
using TokenLedger.Core.Ledger;

namespace TokenLedger.Core.Bridge;

/// <summary>Canonical form of the bridge's privileged operations, without the kind byte.</summary>
internal static class BridgePrivilegedCodec
{
    private const byte AllStops = (byte)(BridgeStops.Locks | BridgeStops.Releases | BridgeStops.Halted);

    public static void Write(CanonicalWriter writer, PrivilegedOperation operation)
    {
        switch (operation)
        {
            case OpenBridgeLane o:
                WriteLane(writer, o);
                break;
            case MapBridgeToken o:
                writer.U64(o.ChainId);
                writer.Asset(o.Asset);
                writer.Address(o.Token);
                WriteQuota(writer, o.Quota);
                break;
            case PauseBridge o:
                WriteStops(writer, o.ChainId, o.Stops, o.Reason);
                break;
            case ResumeBridge o:
                WriteStops(writer, o.ChainId, o.Stops, o.Reason);
                break;
            case RotateBridgeSigners o:
                writer.U64(o.ChainId);
                writer.U64(o.NotBefore.Value);
                writer.List(o.Signers, WriteSigner);
                writer.U64(o.InstalledEpoch);
                break;
            case RedirectBridgeRelease o:
                writer.U64(o.ChainId);
                writer.U64(o.BurnNonce);
                writer.Address(o.To);
                writer.Text(o.Reason);
                break;
            default:
                Invariant.Broken($"{operation.GetType().Name} has no canonical form");
                break;
        }
    }

    public static PrivilegedOperation Read(ref CanonicalReader r, PrivilegedKind kind) => kind switch
    {
        PrivilegedKind.OpenBridgeLane => ReadLane(ref r),
        PrivilegedKind.MapBridgeToken =>
            new MapBridgeToken(r.U64(), r.Asset(), r.Address(), ReadQuota(ref r)),
        PrivilegedKind.PauseBridge =>
            new PauseBridge(r.U64(), ReadStops(ref r), r.Text(Limits.ReferenceBytes)),
        PrivilegedKind.ResumeBridge =>
            new ResumeBridge(r.U64(), ReadStops(ref r), r.Text(Limits.ReferenceBytes)),
        PrivilegedKind.RotateBridgeSigners => new RotateBridgeSigners(
            r.U64(), new TimestampMs(r.U64()), r.List(Limits.Validators, ReadSigner), r.U64()),
        PrivilegedKind.RedirectBridgeRelease => new RedirectBridgeRelease(
            r.U64(), r.U64(), r.Address(), r.Text(Limits.ReferenceBytes)),
        _ => throw new CanonicalFormatException($"{kind} is no privileged operation."),
    };

    public static void WriteLane(CanonicalWriter writer, OpenBridgeLane lane)
    {
        writer.U64(lane.ChainId);
        writer.Address(lane.Contract);
        writer.Address(lane.SignerContract);
        writer.Hash(lane.RemoteGenesis);
        writer.U64(lane.StartBlock);
        writer.U64(lane.LockLifetimeMs);
        writer.U64(lane.GatherMs);
        writer.List(lane.Signers, WriteSigner);
    }

    public static OpenBridgeLane ReadLane(ref CanonicalReader r) => new(
        r.U64(), r.Address(), r.Address(), r.Hash(), r.U64(), r.U64(), r.U64(),
        r.List(Limits.Validators, ReadSigner));

    public static void WriteQuota(CanonicalWriter writer, BridgeQuota quota)
    {
        writer.Amount(quota.PerItem);
        writer.Amount(quota.Ceiling);
        writer.Amount(quota.Outbound.Capacity);
        writer.Amount(quota.Outbound.PerSecond);
        writer.Amount(quota.Inbound.Capacity);
        writer.Amount(quota.Inbound.PerSecond);
        writer.Amount(quota.Delay.Above);
        writer.U64(quota.Delay.Ms);
        writer.Amount(quota.Least);
    }

    public static BridgeQuota ReadQuota(ref CanonicalReader r) => new(
        r.Amount(), r.Amount(), new BridgeRate(r.Amount(), r.Amount()),
        new BridgeRate(r.Amount(), r.Amount()), new BridgeDelay(r.Amount(), r.U64()),
        r.Amount());

    public static BridgeStops ReadStops(ref CanonicalReader reader)
    {
        byte bits = reader.U8();
        return (bits & ~AllStops) == 0
            ? (BridgeStops)bits
            : throw new CanonicalFormatException($"{bits} has stops that nobody defined.");
    }

    public static void WriteSigner(CanonicalWriter writer, BridgeSigner signer)
    {
        writer.Address(signer.Key);
        writer.Address(signer.Institution);
    }

    public static BridgeSigner ReadSigner(ref CanonicalReader reader) =>
        new(reader.Address(), reader.Address());

    private static void WriteStops(CanonicalWriter writer, ulong chainId, BridgeStops stops, string reason)
    {
        writer.U64(chainId);
        writer.U8((byte)stops);
        writer.Text(reason);
    }
}
