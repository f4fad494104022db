// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using V1 = TokenLedger.Protocol.Ledger.V1;

namespace TokenLedger.Protocol.Wire;

/// <summary>What signers observe, between wire and domain. Pure and thread-safe.</summary>
internal static class BridgeObservationMapper
{
    public static V1.BridgeObservation ToWire(BridgeObservation observation) => observation switch
    {
        BurnObserved o => new()
        {
            Burn = new()
            {
                Nonce = o.Nonce,
                Token = Field.Of(o.Token),
                From = Field.Of(o.From),
                Recipient = Field.Of(o.Recipient),
                Amount = o.Amount.ToString(),
                Accumulator = Field.Of(o.Accumulator),
                Place = ToWire(o.Place),
            },
        },
        MintObserved o => new() { Mint = new() { Nonce = o.Nonce, Place = ToWire(o.Place) } },
        VoidObserved o => new() { Void = new() { Nonce = o.Nonce, Place = ToWire(o.Place) } },
        ExpiryObserved o => new() { Expiry = new() { Nonce = o.Nonce } },
        RotationObserved o => new()
        {
            Rotation = new() { Epoch = o.Epoch, Signers = Field.Of(o.Signers), Place = ToWire(o.Place) },
        },
        SupplyObserved o => new()
        {
            Supply = new()
            {
                Token = Field.Of(o.Token),
                Supply = o.Supply.ToString(),
                Burns = o.Burns,
                Place = ToWire(o.Place),
            },
        },
        MismatchObserved o => new()
        {
            Mismatch = new()
            {
                Token = Field.Of(o.Token),
                Locked = o.Locked.ToString(),
                Explained = o.Explained.ToString(),
                Place = ToWire(o.Place),
            },
        },
        _ => throw new InvariantException($"{observation.GetType().Name} has no wire form"),
    };

    public static BridgeObservation ToDomain(V1.BridgeObservation wire) => wire.KindCase switch
    {
        V1.BridgeObservation.KindOneofCase.Burn => new BurnObserved(
            wire.Burn.Nonce,
            Field.Address(wire.Burn.Token, "burn.token"),
            Field.Address(wire.Burn.From, "burn.from"),
            Field.Hash(wire.Burn.Recipient, "burn.recipient"),
            Field.Amount(wire.Burn.Amount, "burn.amount"),
            Field.Hash(wire.Burn.Accumulator, "burn.accumulator"),
            Place(wire.Burn.Place, "burn.place")),
        V1.BridgeObservation.KindOneofCase.Mint =>
            new MintObserved(wire.Mint.Nonce, Place(wire.Mint.Place, "mint.place")),
        V1.BridgeObservation.KindOneofCase.Void =>
            new VoidObserved(wire.Void.Nonce, Place(wire.Void.Place, "void.place")),
        V1.BridgeObservation.KindOneofCase.Expiry => new ExpiryObserved(wire.Expiry.Nonce),
        V1.BridgeObservation.KindOneofCase.Rotation => new RotationObserved(
            wire.Rotation.Epoch,
            Field.Hash(wire.Rotation.Signers, "rotation.signers"),
            Place(wire.Rotation.Place, "rotation.place")),
        V1.BridgeObservation.KindOneofCase.Supply => new SupplyObserved(
            Field.Address(wire.Supply.Token, "supply.token"),
            Field.Amount(wire.Supply.Supply, "supply.supply"),
            wire.Supply.Burns,
            Place(wire.Supply.Place, "supply.place")),
        V1.BridgeObservation.KindOneofCase.Mismatch => new MismatchObserved(
            Field.Address(wire.Mismatch.Token, "mismatch.token"),
            Field.Amount(wire.Mismatch.Locked, "mismatch.locked"),
            Field.Amount(wire.Mismatch.Explained, "mismatch.explained"),
            Place(wire.Mismatch.Place, "mismatch.place")),
        _ => throw Field.Invalid("An observation is of no known kind."),
    };

    public static V1.BridgePlace ToWire(BridgePlace place) => new()
    {
        BlockNumber = place.Number,
        BlockHash = Field.OfOptional(place.BlockHash),
        TransactionHash = Field.OfOptional(place.TransactionHash),
    };

    private static BridgePlace Place(V1.BridgePlace? wire, string field)
    {
        V1.BridgePlace place = Field.Required(wire, field);
        return new BridgePlace(
            place.BlockNumber,
            Field.OptionalHash(place.BlockHash, field + ".block_hash"),
            Field.OptionalHash(place.TransactionHash, field + ".transaction_hash"));
    }
}
