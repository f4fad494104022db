// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Examples;

if (args.Length == 0)
{
    await Console.Error.WriteLineAsync("Name one of: deposits, withdraw, proof, reconcile.");
    return 2;
}

try
{
    var words = new Words(args[1..]);
    return args[0] switch
    {
        "deposits" => await Deposits.RunAsync(words),
        "withdraw" => await Withdrawal.RunAsync(words),
        "proof" => await ProofCheck.RunAsync(words),
        "reconcile" => await Reconciliation.RunAsync(words),
        _ => throw new ArgumentException($"'{args[0]}' is no example."),
    };
}
catch (Exception e) when (e is ArgumentException or InvalidDataException or IOException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return e is ArgumentException ? 2 : 1;
}
