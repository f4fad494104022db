// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using TokenLedger.Cli.Network;
using TokenLedger.Core;
using TokenLedger.Core.Json;
using TokenLedger.Crypto;
using TokenLedger.Evm;

namespace TokenLedger.Cli.Abroad;

/// <summary>What a quorum of a set of keys decides about the contracts abroad.</summary>
internal abstract record OfficerAction
{
    /// <summary>Bytes of a proposed call, at most: far more than any function abroad takes.</summary>
    public const int MaxDataBytes = 32 * 1024;

    /// <summary>Its name in documents and on the command line.</summary>
    public abstract string Kind { get; }

    /// <summary>True if the cold set signs it, else the hot one.</summary>
    public virtual bool IsCold => true;

    /// <summary>What it asks for, one sentence.</summary>
    public abstract string Words(AddressBook addresses);

    /// <summary>Its arguments, as a document has them.</summary>
    public abstract JsonObject ToJson();

    /// <summary>What is signed.</summary>
    public abstract (TypedData Types, object[] Message) Typed(ActionPlace place);

    /// <summary>The call that does it.</summary>
    public abstract (Address To, byte[] Data) Call(ActionPlace place, object[] proof);

    /// <summary>Who counts it: its next number, from what stands abroad.</summary>
    public abstract ulong NextNonce(OfficerState state);

    /// <summary>Reads what <see cref="ToJson"/> writes.</summary>
    /// <exception cref="StrictJsonException">It is none of that kind.</exception>
    public static OfficerAction Read(StrictValue kind, StrictValue arguments)
    {
        const int MaxKind = 16;
        return kind.Text(MaxKind) switch
        {
            UnpauseAction.Name => arguments.Object(one =>
                new UnpauseAction(one.Required("mint").Flag(), one.Required("burn").Flag())),
            RecoverAction.Name => arguments.Object(one => new RecoverAction(
                KeySets.Ascending(one.Required("signers"), static key => key.Address()))),
            ProposeAction.Name => arguments.Object(one =>
                new ProposeAction(one.Required("target").Address(), Bytes(one.Required("data")))),
            CancelAction.Name => arguments.Object(one => new CancelAction(one.Required("id").Hash())),
            _ => throw kind.Unexpected(
                $"{UnpauseAction.Name}, {RecoverAction.Name}, {ProposeAction.Name} or {CancelAction.Name}"),
        };
    }

    /// <summary>The hash by which the contracts know an action of governors and cold keys.</summary>
    private protected static (TypedData Types, object[] Message) Admin(
        ActionPlace place, AbiTuple types, params object[] values)
    {
        Hash256 hash = Keccak256.Hash(AbiCodec.Encode(types, values));
        TypedData typed = LaneContracts.BridgeMessage(
            place.ChainId, place.Contracts.Bridge, "AdminAction",
            ["uint64 actionNonce", "bytes32 actionHash", "uint64 eta"]);
        return (typed,
        [
            place.LedgerId.ToArray(), (UInt256)place.Epoch, (UInt256)place.Nonce, hash.ToArray(),
            (UInt256)place.Eta,
        ]);
    }

    private protected static AbiTuple Types(string list) => AbiFunction.Parse($"hash{list}").Inputs;

    private static ImmutableArray<byte> Bytes(StrictValue value)
    {
        const string Expected = "0x and hexadecimal digits in lower case";
        string text = value.Text(2 + (2 * MaxDataBytes));
        byte[] bytes = new byte[Math.Max(0, text.Length - 2) / 2];
        return text.StartsWith("0x", StringComparison.Ordinal) && Hex.TryParse(text, bytes)
            && EvmHex.Data(bytes) == text
            ? [.. bytes]
            : throw value.Unexpected(Expected);
    }
}

/// <summary>The cold set lifts pauses.</summary>
internal sealed record UnpauseAction(bool Mint, bool Burn) : OfficerAction
{
    public const string Name = "unpause";

    private static readonly AbiTuple HashTypes = Types("(address,bytes4,bool,bool)");

    public override string Kind => Name;

    public override string Words(AddressBook addresses) => (Mint, Burn) switch
    {
        (true, true) => "lift the pauses of minting and of burning",
        (true, false) => "lift the pause of minting",
        _ => "lift the pause of burning",
    };

    public override JsonObject ToJson() => new() { ["mint"] = Mint, ["burn"] = Burn };

    public override (TypedData Types, object[] Message) Typed(ActionPlace place) => Admin(
        place, HashTypes, place.Contracts.Bridge, OfficerAbi.Unpause.Selector.ToArray(), Mint, Burn);

    public override (Address To, byte[] Data) Call(ActionPlace place, object[] proof) => (
        place.Contracts.Bridge,
        OfficerAbi.Unpause.EncodeCall(Mint, Burn, (UInt256)place.Nonce, (UInt256)place.Eta, proof));

    public override ulong NextNonce(OfficerState state) => state.BridgeNonce + 1;
}

/// <summary>The cold set begins to replace the hot one.</summary>
internal sealed record RecoverAction(ImmutableArray<Address> Signers) : OfficerAction
{
    public const string Name = "recover";

    public override string Kind => Name;

    public override string Words(AddressBook addresses) =>
        "begin to replace the hot set; seven days later it can be finished. The new signers: "
        + string.Join(", ", Signers.Select(one => addresses.NameAndAddress(one)));

    public override JsonObject ToJson() => new()
    {
        ["signers"] = new JsonArray([.. Signers.Select(static one => (JsonNode)one.ToString())]),
    };

    public override (TypedData Types, object[] Message) Typed(ActionPlace place)
    {
        TypedData typed = LaneContracts.SetMessage(
            place.ChainId, place.Contracts.ValidatorSet, "SetRecovery",
            ["bytes32 newSetHash", "uint64 recoveryNonce"]);
        return (typed,
        [
            place.LedgerId.ToArray(), (UInt256)place.Epoch, NewSetHash.ToArray(), (UInt256)place.Nonce,
        ]);
    }

    public override (Address To, byte[] Data) Call(ActionPlace place, object[] proof) => (
        place.Contracts.ValidatorSet,
        OfficerAbi.BeginRecovery.EncodeCall(NewSetHash.ToArray(), proof));

    public override ulong NextNonce(OfficerState state) => state.RecoveryNonce + 1;

    public bool Equals(RecoverAction? other) =>
        other is not null && Signers.AsSpan().SequenceEqual(other.Signers.AsSpan());

    public override int GetHashCode() => Signers.Length;

    /// <summary>Of no epoch: whatever it is when the recovery begins.</summary>
    private Hash256 NewSetHash => LaneContracts.SetHash(0, Signers);
}

/// <summary>The hot set proposes a call to the timelock.</summary>
internal sealed record ProposeAction(Address Target, ImmutableArray<byte> Data) : OfficerAction
{
    public const string Name = "propose";

    private static readonly AbiTuple HashTypes = Types("(address,bytes4,address,bytes32)");
    private static readonly AbiTuple IdTypes = Types("(address,uint256,bytes,bytes32,bytes32)");

    public override string Kind => Name;

    public override bool IsCold => false;

    public override string Words(AddressBook addresses) =>
        $"have the timelock call {addresses.NameAndAddress(Target)}: {OfficerAbi.Describe(Data.AsSpan())}";

    public override JsonObject ToJson() => new()
    {
        ["target"] = Target.ToString(),
        ["data"] = EvmHex.Data(Data.AsSpan()),
    };

    public override (TypedData Types, object[] Message) Typed(ActionPlace place) => Admin(
        place, HashTypes, place.Contracts.Governor, OfficerAbi.Propose.Selector.ToArray(), Target,
        Keccak256.Hash(Data.AsSpan()).ToArray());

    public override (Address To, byte[] Data) Call(ActionPlace place, object[] proof) => (
        place.Contracts.Governor,
        OfficerAbi.Propose.EncodeCall(
            Target, Data.ToArray(), (UInt256)place.Nonce, (UInt256)place.Eta, proof));

    public override ulong NextNonce(OfficerState state) => state.GovernorNonce + 1;

    /// <summary>The timelock's id of it, by which the cold set can cancel it.</summary>
    public Hash256 OperationId(ActionPlace place) => Keccak256.Hash(AbiCodec.Encode(
        IdTypes, Target, UInt256.Zero, Data.ToArray(), new byte[Hash256.Size], Salt(place)));

    /// <summary>The call by which anybody has the timelock do it.</summary>
    public byte[] Execution(ActionPlace place) => OfficerAbi.Execute.EncodeCall(
        Target, UInt256.Zero, Data.ToArray(), new byte[Hash256.Size], Salt(place));

    public bool Equals(ProposeAction? other) =>
        other is not null && Target == other.Target && Data.AsSpan().SequenceEqual(other.Data.AsSpan());

    public override int GetHashCode() => Target.GetHashCode();

    private static byte[] Salt(ActionPlace place) => ((UInt256)place.Nonce).ToArray();
}

/// <summary>The cold set cancels what the timelock would do.</summary>
internal sealed record CancelAction(Hash256 Id) : OfficerAction
{
    public const string Name = "cancel";

    private static readonly AbiTuple HashTypes = Types("(address,bytes4,bytes32)");

    public override string Kind => Name;

    public override string Words(AddressBook addresses) => $"cancel the timelock's operation {Id}";

    public override JsonObject ToJson() => new() { ["id"] = Id.ToString() };

    public override (TypedData Types, object[] Message) Typed(ActionPlace place) => Admin(
        place, HashTypes, place.Contracts.Governor, OfficerAbi.Cancel.Selector.ToArray(), Id.ToArray());

    public override (Address To, byte[] Data) Call(ActionPlace place, object[] proof) => (
        place.Contracts.Governor,
        OfficerAbi.Cancel.EncodeCall(Id.ToArray(), proof));

    /// <summary>Nobody counts it: an id is cancelled once.</summary>
    public override ulong NextNonce(OfficerState state) => 0;
}
