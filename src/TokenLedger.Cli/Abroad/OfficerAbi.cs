// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using TokenLedger.Evm;

namespace TokenLedger.Cli.Abroad;

/// <summary>What officers call abroad, as <c>src/contracts</c> has it.</summary>
internal static class OfficerAbi
{
    private const string Limits = "(uint128,uint128,uint128,uint128,uint32,uint32)";

    public static readonly AbiFunction PauseMint = AbiFunction.Parse("pauseMint()");

    public static readonly AbiFunction PauseBurn = AbiFunction.Parse("pauseBurn()");

    public static readonly AbiFunction Unpause =
        AbiFunction.Parse($"unpause(bool,bool,uint64,uint64,{LaneContracts.ProofType})");

    public static readonly AbiFunction MintPaused = AbiFunction.Parse("mintPaused() returns (bool)");

    public static readonly AbiFunction BurnPaused = AbiFunction.Parse("burnPaused() returns (bool)");

    /// <summary>Of the bridge and of the governor.</summary>
    public static readonly AbiFunction ActionNonce = AbiFunction.Parse("actionNonce() returns (uint64)");

    public static readonly AbiFunction RaiseLimit = AbiFunction.Parse($"raiseLimit(address,{Limits})");

    public static readonly AbiFunction HotSet = AbiFunction.Parse("hotSet() returns (uint64,bytes32)");

    public static readonly AbiFunction ColdSetHash = AbiFunction.Parse("coldSetHash() returns (bytes32)");

    public static readonly AbiFunction RecoveryNonce = AbiFunction.Parse("recoveryNonce() returns (uint64)");

    public static readonly AbiFunction Recovery =
        AbiFunction.Parse("recovery() returns (uint64,uint64,bytes32)");

    public static readonly AbiFunction BeginRecovery =
        AbiFunction.Parse($"beginRecovery(bytes32,{LaneContracts.ProofType})");

    public static readonly AbiFunction CancelRecovery = AbiFunction.Parse("cancelRecovery()");

    public static readonly AbiFunction FinishRecovery = AbiFunction.Parse("finishRecovery(address[])");

    public static readonly AbiFunction Propose =
        AbiFunction.Parse($"propose(address,bytes,uint64,uint64,{LaneContracts.ProofType})");

    public static readonly AbiFunction Cancel =
        AbiFunction.Parse($"cancel(bytes32,{LaneContracts.ProofType})");

    public static readonly AbiFunction GovernorBridge = AbiFunction.Parse("bridge() returns (address)");

    public static readonly AbiFunction Timelock = AbiFunction.Parse("timelock() returns (address)");

    /// <summary>Of the timelock: 0 for what it does not know, 1 for what was done, else from when on.
    /// </summary>
    public static readonly AbiFunction Timestamp =
        AbiFunction.Parse("getTimestamp(bytes32) returns (uint256)");

    public static readonly AbiFunction Execute =
        AbiFunction.Parse("execute(address,uint256,bytes,bytes32,bytes32)");

    /// <summary>What the timelock may do, so that signers read words and not bytes.</summary>
    private static readonly AbiFunction[] Timelocked =
    [
        RaiseLimit, AbiFunction.Parse($"listToken(address,{Limits})"),
        AbiFunction.Parse("setPolicy(address)"), AbiFunction.Parse("grantRole(uint64,address,uint32)"),
        AbiFunction.Parse("revokeRole(uint64,address)"),
        AbiFunction.Parse("setTargetFunctionRole(address,bytes4[],uint64)"),
        AbiFunction.Parse("setTargetClosed(address,bool)"),
        AbiFunction.Parse("setTargetAdminDelay(address,uint32)"),
        AbiFunction.Parse("setRoleAdmin(uint64,uint64)"), AbiFunction.Parse("setRoleGuardian(uint64,uint64)"),
        AbiFunction.Parse("setGrantDelay(uint64,uint32)"), AbiFunction.Parse("labelRole(uint64,string)"),
        AbiFunction.Parse("updateAuthority(address,address)"),
        AbiFunction.Parse("grantRole(bytes32,address)"), AbiFunction.Parse("revokeRole(bytes32,address)"),
        AbiFunction.Parse("updateDelay(uint256)"),
    ];

    private static readonly string[] LimitNames =
        ["ceiling", "per item", "mint capacity", "burn capacity", "mint window", "burn window"];

    /// <summary>A call's data as name and values; of a function that is not known, all bytes.</summary>
    public static string Describe(ReadOnlySpan<byte> data)
    {
        foreach (AbiFunction function in Timelocked)
        {
            if (!data.StartsWith(function.Selector.AsSpan()))
            {
                continue;
            }

            try
            {
                return $"{function.Name}({string.Join(", ", function.DecodeCall(data).Select(Argument))})";
            }
            catch (EvmFormatException)
            {
                return $"{function.Name} with arguments that are none";
            }
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"an unknown function, {data.Length} bytes in all: {EvmHex.Data(data)}");
    }

    /// <summary>The one struct that the timelock is given is a token's limits.</summary>
    private static string Argument(object value) =>
        value is object[] limits && limits.Length == LimitNames.Length
            ? string.Join(", ", limits.Zip(
                LimitNames, static (limit, name) => $"{name} {ContractErrors.Text(limit)}"))
            : ContractErrors.Text(value);
}
