// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Evm;

namespace TokenLedger.Cluster.Tests.Bridging;

/// <summary>What holders and officers abroad call, as <c>src/contracts</c> has it.</summary>
internal static class BridgeContracts
{
    public static AbiFunction Burn { get; } =
        AbiFunction.Parse("burn(address,uint128,bytes32) returns (uint64)");

    public static AbiFunction BurnNonce { get; } = AbiFunction.Parse("burnNonce() returns (uint64)");

    public static AbiFunction IsConsumed { get; } = AbiFunction.Parse("isConsumed(uint64) returns (bool)");

    public static AbiFunction PauseMint { get; } = AbiFunction.Parse("pauseMint()");

    public static AbiFunction PauseBurn { get; } = AbiFunction.Parse("pauseBurn()");

    public static AbiFunction Unpause { get; } =
        AbiFunction.Parse("unpause(bool,bool,uint64,uint64,(address[],uint256,bytes))");

    public static AbiFunction ActionNonce { get; } = AbiFunction.Parse("actionNonce() returns (uint64)");

    public static AbiFunction HashUnpause { get; } =
        AbiFunction.Parse("hashUnpause(bool,bool) returns (bytes32)");

    public static AbiFunction ColdDigest { get; } =
        AbiFunction.Parse("coldDigest(uint64,bytes32,uint64) returns (bytes32)");

    public static AbiFunction LowerLimit { get; } =
        AbiFunction.Parse("lowerLimit(address,(uint128,uint128,uint128,uint128,uint32,uint32))");

    public static AbiFunction State { get; } = AbiFunction.Parse(
        "state(address) returns ((uint128,uint128,uint128,uint128,uint128,uint128,uint128,uint32,uint128,"
        + "uint128,uint32,bool))");

    public static AbiFunction Epoch { get; } = AbiFunction.Parse("epoch() returns (uint64)");

    public static AbiFunction SetHolder { get; } =
        AbiFunction.Parse("setHolder(address,uint16,uint16,uint64,bool)");

    public static AbiFunction SetFrozen { get; } = AbiFunction.Parse("setAddressFrozen(address,bool)");

    public static AbiFunction TotalSupply { get; } = AbiFunction.Parse("totalSupply() returns (uint256)");

    public static AbiFunction BalanceOf { get; } =
        AbiFunction.Parse("balanceOf(address) returns (uint256)");

    public static AbiEvent Minted { get; } = AbiEvent.Parse(
        "Minted(uint64 indexed nonce,address indexed token,address indexed to,uint128 amount)");

    public static AbiEvent MintRejected { get; } = AbiEvent.Parse(
        "MintRejected(uint64 indexed nonce,address indexed token,uint8 reason)");

    public static AbiEvent Burned { get; } = AbiEvent.Parse(
        "Burned(uint64 indexed nonce,address indexed token,address indexed from,bytes32 ledgerRecipient,"
        + "uint128 amount,bytes32 acc)");
}
