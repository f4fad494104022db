// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using TokenLedger.Core;
using TokenLedger.Crypto;

namespace TokenLedger.Evm;

/// <summary>Why the bridge's contracts refuse, by the names that their sources give it. Stateless.</summary>
public static class ContractErrors
{
    /// <summary>All errors of <c>src/contracts/src</c>, which a test compares, and those of the libraries
    /// that callers can meet.</summary>
    private static readonly string[] Declared =
    [
        "AlreadyListed(address token)", "BadBatch(uint256 count)", "BadCumLocked(uint256 cumLocked)",
        "BadItem(uint256 place)", "BadRecipient(bytes32 ledgerRecipient)", "BadSet()", "BadWindow()",
        "BurnLimited(uint256 amount,uint256 available)", "BurnPaused()", "DeadlineOver(uint64 deadline)",
        "ERC7943CannotReceive(address account)", "ERC7943CannotSend(address account)",
        "ERC7943CannotTransfer(address from,address to,uint256 amount)",
        "ERC7943InsufficientUnfrozenBalance(address account,uint256 amount,uint256 unfrozen)",
        "MintPaused()", "NoContract(address account)", "NoRecovery()", "NoRegister()",
        "NotListed(address token)", "NotLower()", "OnlyBridge()", "RecoveryUnderWay()", "Reentered()",
        "Restricted(uint8 code)", "TooEarly(uint64 from)", "TooLittleGas()",
        "WrongActionNonce(uint64 told,uint64 needed)", "WrongCode(bytes32 running)",
        "WrongContract(address account)", "WrongEpoch(uint64 told,uint64 needed)",
        "WrongQuorum(uint256 signers,uint256 needed)", "WrongSet()", "WrongSignature(uint256 member)",
        "ZeroAccount()", "ZeroAmount()", "ZeroLedger()", "ZeroNonce()",

        // OpenZeppelin's and the compiler's.
        "AccessManagedUnauthorized(address caller)",
        "AccessManagerUnauthorizedAccount(address account,uint64 role)",
        "AccessManagerLockedRole(uint64 role)", "FailedCall()",
        "TimelockInsufficientDelay(uint256 delay,uint256 minDelay)",
        "TimelockUnexpectedOperationState(bytes32 id,bytes32 expectedStates)",
        "TimelockUnauthorizedCaller(address caller)", "Error(string reason)", "Panic(uint256 code)",
    ];

    private static readonly ImmutableArray<(AbiFunction Function, string[] Names)> Known =
        [.. Declared.Select(static text => (AbiFunction.Parse(text), NamesIn(text)))];

    /// <summary>Signatures of all errors that are known.</summary>
    public static IEnumerable<string> Signatures => Known.Select(static one => one.Function.Signature);

    /// <summary>What a reverted call returned, as name and values: <c>WrongQuorum(signers 2, needed 3)</c>.
    /// </summary>
    public static string Describe(ReadOnlySpan<byte> data)
    {
        foreach ((AbiFunction function, string[] names) in Known)
        {
            if (!data.StartsWith(function.Selector.AsSpan()))
            {
                continue;
            }

            try
            {
                object[] values = function.DecodeCall(data);
                return $"{function.Name}({string.Join(", ", values.Select((value, i) =>
                    $"{names[i]} {Text(value)}"))})";
            }
            catch (EvmFormatException)
            {
                return function.Name;
            }
        }

        return data.IsEmpty ? "no reason given" : "an unknown error: "
            + EvmHex.Data(data[..Math.Min(data.Length, AbiFunction.SelectorBytes)]);
    }

    /// <summary>A decoded value as people read it.</summary>
    public static string Text(object value) => value switch
    {
        Address address => Eip55.Format(address),
        byte[] bytes => EvmHex.Data(bytes),
        object[] values => "(" + string.Join(", ", values.Select(Text)) + ")",
        bool yes => yes ? "true" : "false",
        _ => value?.ToString() ?? "",
    };

    private static string[] NamesIn(string declared) =>
    [
        .. declared[(declared.IndexOf('(', StringComparison.Ordinal) + 1)..^1]
            .Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static one => one.Split(' ')[1]),
    ];
}
