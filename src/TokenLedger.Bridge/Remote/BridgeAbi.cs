// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Core.Bridge;
using TokenLedger.Evm;

namespace TokenLedger.Bridge.Remote;

/// <summary>The contracts' functions and events, as <c>src/contracts</c> has them.</summary>
internal static class BridgeAbi
{
    private const string Proof = LaneContracts.ProofType;

    public static readonly AbiFunction MintBatch = AbiFunction.Parse(
        $"mintBatch(address,(uint64,address,uint128)[],uint64,uint256,{Proof})");

    public static readonly AbiFunction VoidNonces =
        AbiFunction.Parse($"voidNonces(address,uint64[],{Proof})");

    public static readonly AbiFunction PrepareNonces = AbiFunction.Parse("prepareNonces(uint64,uint64)");

    public static readonly AbiFunction Rotate =
        AbiFunction.Parse($"rotate(address[],uint64,uint64,{Proof})");

    public static readonly AbiFunction TotalSupply = AbiFunction.Parse("totalSupply() returns (uint256)");

    public static readonly AbiFunction MintPaused = AbiFunction.Parse("mintPaused() returns (bool)");

    public static readonly AbiFunction BurnPaused = AbiFunction.Parse("burnPaused() returns (bool)");

    /// <summary>Books and limits of a token: <c>TokenState</c> of <c>TLBooks.sol</c>.</summary>
    public static readonly AbiFunction State = AbiFunction.Parse(
        "state(address) returns ((uint128,uint128,uint128,uint128,uint128,uint128,uint128,uint32,uint128,"
        + "uint128,uint32,bool))");

    public static readonly AbiEvent Minted = AbiEvent.Parse(
        "Minted(uint64 indexed nonce,address indexed token,address indexed to,uint128 amount)");

    /// <summary>An item of a batch was left out.</summary>
    public static readonly AbiEvent MintRejected = AbiEvent.Parse(
        "MintRejected(uint64 indexed nonce,address indexed token,uint8 reason)");

    public static readonly AbiEvent NonceVoided =
        AbiEvent.Parse("NonceVoided(uint64 indexed nonce,address indexed token)");

    public static readonly AbiEvent Burned = AbiEvent.Parse(
        "Burned(uint64 indexed nonce,address indexed token,address indexed from,bytes32 ledgerRecipient,"
        + "uint128 amount,bytes32 acc)");

    public static readonly AbiEvent SetRotated =
        AbiEvent.Parse("SetRotated(uint64 indexed epoch,bytes32 setHash,address[] validators)");

    /// <summary>What a log says, or null for an event that no validator votes on.</summary>
    /// <exception cref="EvmFormatException">It is none of the contracts' logs, or of the wrong one of the
    /// two: signers change at the register, all else happens at the bridge.</exception>
    public static BridgeObservation? Read(EvmLog log, OpenBridgeLane terms)
    {
        Hash256 topic = log.Topics.Length == 0 ? default : log.Topics[0];
        if (log.Address != (topic == SetRotated.Topic ? terms.SignerContract : terms.Contract))
        {
            throw new EvmFormatException($"{log.Address} tells of what another contract does.");
        }

        var place = new BridgePlace(log.BlockNumber, log.BlockHash, log.TransactionHash);
        if (topic == Burned.Topic)
        {
            object[] v = Burned.Decode(log);
            return new BurnObserved(
                Number(v[0]), (Address)v[1], (Address)v[2], new Hash256((byte[])v[3]), Units(v[4]),
                new Hash256((byte[])v[5]), place);
        }

        if (topic == Minted.Topic)
        {
            return new MintObserved(Number(Minted.Decode(log)[0]), place);
        }

        if (topic == NonceVoided.Topic)
        {
            return new VoidObserved(Number(NonceVoided.Decode(log)[0]), place);
        }

        if (topic == SetRotated.Topic)
        {
            object[] v = SetRotated.Decode(log);
            Address[] keys = [.. ((object[])v[2]).Cast<Address>()];
            return new RotationObserved(Number(v[0]), BridgeSignerKeys.Hash(keys), place);
        }

        return null;
    }

    /// <summary>What a log of <see cref="MintRejected"/> says.</summary>
    /// <exception cref="EvmFormatException">It is none.</exception>
    public static MintRefusal ReadRefusal(EvmLog log)
    {
        object[] v = MintRejected.Decode(log);
        return new MintRefusal(
            Number(v[0]), (byte)(UInt256)v[2],
            new BridgePlace(log.BlockNumber, log.BlockHash, log.TransactionHash));
    }

    private static ulong Number(object value) => (ulong)(UInt256)value;

    private static Amount Units(object value) => new((UInt128)(UInt256)value);
}
