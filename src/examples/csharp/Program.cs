// SPDX-License-Identifier: Apache-2.0
using Grpc.Core;
using TokenLedger.Examples;
using TokenLedger.Protocol;

try
{
    return args switch
    {
        ["deposits", .. var words] => await Deposits.RunAsync(words),
        ["withdraw", .. var words] => await Withdrawal.RunAsync(words),
        ["proof", .. var words] => await ProofCheck.RunAsync(words),
        ["reconcile", .. var words] => await Reconciliation.RunAsync(words),
        _ => throw new UsageException("Name one of: deposits, withdraw, proof, reconcile."),
    };
}
catch (UsageException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 2;
}
catch (NotProvedException e)
{
    await Console.Error.WriteLineAsync($"not proved: {e.Message}");
    return 9;
}
catch (RpcException e)
{
    await Console.Error.WriteLineAsync(
        $"{ErrorModel.Read(e)?.Reason ?? e.StatusCode.ToString()}: {e.Status.Detail}");
    return 1;
}
catch (Exception e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
