// SPDX-License-Identifier: Apache-2.0
using TokenLedger.Core;
using TokenLedger.Mesh.Requests;

namespace TokenLedger.Mesh.Tests;

/// <summary>The table of errors, which clients build on.</summary>
public sealed class MeshErrorTests
{
    [Fact]
    public void All_CodesAndMessages_AreEachOnlyOnce()
    {
        Assert.Equal(MeshError.All.Length, MeshError.All.Select(static e => e.Code).Distinct().Count());
        Assert.Equal(MeshError.All.Length, MeshError.All.Select(static e => e.Message).Distinct().Count());
    }

    [Fact]
    public void All_RefusalsOfTheLedger_HaveItsNumbersNamesAndRetries() => Assert.All(
        Enum.GetValues<RejectionCode>(), static code => Assert.Equal(
            ((int)code, RejectionCodes.Name(code), RejectionCodes.IsRetriable(code)),
            (MeshError.Of(code).Code, MeshError.Of(code).Message, MeshError.Of(code).Retriable)));

    // A changed line here breaks programs of others.
    [Fact]
    public void All_OwnErrors_AreWhatTheyWere() => Assert.Equal(
        """
        1001 REQUEST_INVALID False
        1002 REQUEST_TOO_LARGE False
        1003 METHOD_NOT_ALLOWED False
        1004 ENDPOINT_UNKNOWN False
        1005 NETWORK_UNKNOWN False
        1006 NOT_IMPLEMENTED False
        1007 COINS_UNSUPPORTED False
        1008 OFFLINE False
        1009 ADDRESS_INVALID False
        1010 SUB_ACCOUNT_UNSUPPORTED False
        1011 CURRENCY_UNKNOWN False
        1012 BLOCK_UNKNOWN True
        1013 BLOCK_PRUNED False
        1014 TRANSACTION_UNKNOWN False
        1015 TOO_MANY_CURRENCIES False
        1016 OPERATIONS_INVALID False
        1017 METADATA_INVALID False
        1018 TRANSACTION_INVALID False
        1019 PUBLIC_KEY_INVALID False
        1020 NODE_UNAVAILABLE True
        1021 NODE_BUSY True
        1022 NODE_REFUSED False
        1023 NODE_UNVERIFIED False
        1024 FAILED False
        """,
        string.Join('\n', MeshError.All.Where(static error => error.Code > 1_000)
            .Select(static error => $"{error.Code} {error.Message} {error.Retriable}")));
}
