// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {TokenState} from "../src/TLBooks.sol";
import {MintItem, TLBridge} from "../src/TLBridge.sol";
import {TLBooks} from "../src/TLBooks.sol";
import {TLCodes} from "../src/TLCodes.sol";
import {Proof, TLProof} from "../src/TLProof.sol";
import {TLToken} from "../src/TLToken.sol";
import {Base} from "./Base.sol";

/// @title Minting and voiding, for every number of members.
contract MintTest is Base {
    function setUp() external {
        _start(4);
    }

    function test_Mint_Signed_Mints() external everySize {
        MintItem[] memory items = _item(1, ALICE, 5 * UNIT);
        Proof memory proof = _hot(_batchDigest(address(token), items, SOON, 5 * UNIT));
        vm.expectEmit(address(bridge));
        emit TLBridge.Minted(1, address(token), ALICE, 5 * UNIT);
        vm.prank(NOBODY);
        bridge.mintBatch(address(token), items, SOON, 5 * UNIT, proof);
        _eq(token.balanceOf(ALICE), 5 * UNIT);
        TokenState memory state = bridge.state(address(token));
        _true(state.minted == 5 * UNIT && state.maxCumLocked == 5 * UNIT && state.burned == 0);
        _eq(state.mintAvailable, state.mintCapacity - 5 * UNIT);
        _true(bridge.isConsumed(1) && !bridge.isConsumed(2) && !bridge.isConsumed(0));
    }

    function test_Mint_Again_IsReportedAndChangesNothing() external everySize {
        _mint(1, ALICE, UNIT, UNIT);
        _expectRejected(1, token, TLCodes.CONSUMED);
        _mint(1, ALICE, UNIT, 2 * UNIT);
        _eq(token.balanceOf(ALICE), UNIT);
    }

    function test_Mint_TwiceInABatch_MintsOnce() external everySize {
        MintItem[] memory items = new MintItem[](3);
        items[0] = MintItem(1, ALICE, UNIT);
        items[1] = MintItem(300, ALICE, UNIT);
        items[2] = MintItem(1, BOB, UNIT);
        _expectRejected(1, token, TLCodes.CONSUMED);
        _mint(token, items, 3 * UNIT);
        _eq(token.totalSupply(), 2 * UNIT);
        _true(bridge.isConsumed(1) && bridge.isConsumed(300) && token.balanceOf(BOB) == 0);
    }

    function test_Mint_OneShortOfQuorum_Reverts() external everySize {
        MintItem[] memory items = _item(1, ALICE, UNIT);
        uint256 q = _quorum(hot.length);
        Proof memory proof = _sign(_batchDigest(address(token), items, SOON, UNIT), hot, hotKeys, q - 1);
        vm.expectRevert(abi.encodeWithSelector(TLProof.WrongQuorum.selector, q - 1, q));
        bridge.mintBatch(address(token), items, SOON, UNIT, proof);
    }

    function test_Mint_OfAnotherEpoch_Reverts() external everySize {
        MintItem[] memory items = _item(1, ALICE, UNIT);
        Proof memory proof = _hot(_batchDigest(address(token), items, SOON, UNIT));
        set.rotate(hot, 2, 0, _hot(_rotateDigest(hot, 2, 0)));
        vm.expectPartialRevert(TLProof.WrongSignature.selector);
        bridge.mintBatch(address(token), items, SOON, UNIT, proof);
        _mint(1, ALICE, UNIT, UNIT);
        _eq(token.balanceOf(ALICE), UNIT);
    }

    function test_Mint_FullBatch_Mints() external everySize {
        MintItem[] memory items = new MintItem[](50);
        for (uint64 i = 0; i < 50; ++i) {
            items[i] = MintItem(230 + i, i % 2 == 0 ? ALICE : BOB, UNIT + i);
        }
        _mint(token, items, 100 * UNIT);
        _eq(token.totalSupply(), 50 * UNIT + 1225);
        for (uint64 i = 0; i < 50; ++i) {
            _true(bridge.isConsumed(230 + i));
        }
        _true(!bridge.isConsumed(229) && !bridge.isConsumed(280));
    }

    function test_Void_Signed_ConsumesWhatIsNot() external everySize {
        _mint(1, ALICE, UNIT, UNIT);
        uint64[] memory nonces = new uint64[](3);
        (nonces[0], nonces[1], nonces[2]) = (1, 2, 500);
        Proof memory proof = _hot(_voidDigest(address(token), nonces));
        vm.expectEmit(address(bridge));
        emit TLBridge.NonceVoided(2, address(token));
        vm.expectEmit(address(bridge));
        emit TLBridge.NonceVoided(500, address(token));
        bridge.voidNonces(address(token), nonces, proof);
        _true(bridge.isConsumed(2) && bridge.isConsumed(500) && !bridge.isConsumed(3));
        _expectRejected(2, token, TLCodes.CONSUMED);
        _mint(2, ALICE, UNIT, 2 * UNIT);
        // A second time it is nothing.
        vm.recordLogs();
        bridge.voidNonces(address(token), nonces, proof);
        _eq(vm.getRecordedLogs().length, 0);
    }

    function test_Void_OneShortOfQuorum_Reverts() external everySize {
        uint64[] memory nonces = new uint64[](1);
        nonces[0] = 1;
        uint256 q = _quorum(hot.length);
        Proof memory proof = _sign(_voidDigest(address(token), nonces), hot, hotKeys, q - 1);
        vm.expectRevert(abi.encodeWithSelector(TLProof.WrongQuorum.selector, q - 1, q));
        bridge.voidNonces(address(token), nonces, proof);
    }

    function testFuzz_Mint_AnythingChanged_Reverts(
        uint64 nonce,
        address to,
        uint128 amount,
        uint64 deadline,
        uint256 sum
    ) external {
        MintItem[] memory items = _item(1, ALICE, UNIT);
        Proof memory proof = _hot(_batchDigest(address(token), items, SOON, UNIT));
        deadline = uint64(block.timestamp) + deadline % 1e9;
        sum = sum % type(uint128).max;
        vm.assume(nonce != 1 || to != ALICE || amount != UNIT || deadline != SOON || sum != UNIT);
        items = _item(nonce, to, amount);
        vm.expectPartialRevert(TLProof.WrongSignature.selector);
        bridge.mintBatch(address(token), items, deadline, sum, proof);
    }
}

/// @title Minting and its limits.
contract MintLimitTest is Base {
    function setUp() external {
        _start(4);
    }

    function test_Mint_AfterDeadline_Reverts() external {
        MintItem[] memory items = _item(1, ALICE, UNIT);
        Proof memory proof = _hot(_batchDigest(address(token), items, SOON, UNIT));
        vm.warp(uint256(SOON) + 1);
        vm.expectRevert(abi.encodeWithSelector(TLBridge.DeadlineOver.selector, SOON));
        bridge.mintBatch(address(token), items, SOON, UNIT, proof);
        vm.warp(SOON);
        bridge.mintBatch(address(token), items, SOON, UNIT, proof);
    }

    function test_Mint_NoItemsOrTooMany_Reverts() external {
        Proof memory proof = _hot(LEDGER);
        vm.expectRevert(abi.encodeWithSelector(TLBridge.BadBatch.selector, 0));
        bridge.mintBatch(address(token), new MintItem[](0), SOON, UNIT, proof);
        vm.expectRevert(abi.encodeWithSelector(TLBridge.BadBatch.selector, 51));
        bridge.mintBatch(address(token), new MintItem[](51), SOON, UNIT, proof);
        vm.expectRevert(abi.encodeWithSelector(TLBridge.BadBatch.selector, 0));
        bridge.voidNonces(address(token), new uint64[](0), proof);
        vm.expectRevert(abi.encodeWithSelector(TLBridge.BadBatch.selector, 51));
        bridge.voidNonces(address(token), new uint64[](51), proof);
    }

    function test_Mint_UnknownToken_Reverts() external {
        MintItem[] memory items = _item(1, ALICE, UNIT);
        Proof memory proof = _hot(_batchDigest(NOBODY, items, SOON, UNIT));
        vm.expectRevert(abi.encodeWithSelector(TLBooks.NotListed.selector, NOBODY));
        bridge.mintBatch(NOBODY, items, SOON, UNIT, proof);
    }

    function test_Mint_SumOfLocksBeyondAmounts_Reverts() external {
        uint256 sum = uint256(type(uint128).max) + 1;
        MintItem[] memory items = _item(1, ALICE, UNIT);
        Proof memory proof = _hot(_batchDigest(address(token), items, SOON, sum));
        vm.expectRevert(abi.encodeWithSelector(TLBooks.BadCumLocked.selector, sum));
        bridge.mintBatch(address(token), items, SOON, sum, proof);
    }

    function test_Mint_Zeros_AreRefused() external {
        MintItem[] memory items = new MintItem[](4);
        items[0] = MintItem(0, ALICE, UNIT);
        items[1] = MintItem(1, address(0), UNIT);
        items[2] = MintItem(2, ALICE, 0);
        items[3] = MintItem(3, ALICE, UNIT);
        _expectRejected(0, token, TLCodes.ZERO);
        _expectRejected(1, token, TLCodes.ZERO);
        _expectRejected(2, token, TLCodes.ZERO);
        _mint(token, items, 10 * UNIT);
        _eq(token.balanceOf(ALICE), UNIT);
        _true(!bridge.isConsumed(0) && !bridge.isConsumed(1) && !bridge.isConsumed(2));
    }

    function test_Mint_MoreThanItemCap_IsRefused() external {
        _expectRejected(1, token, TLCodes.ITEM_CAP);
        _mint(1, ALICE, 500 * UNIT + 1, 1000 * UNIT);
        _true(!bridge.isConsumed(1));
        _mint(1, ALICE, 500 * UNIT, 1000 * UNIT);
        _eq(token.balanceOf(ALICE), 500 * UNIT);
    }

    function test_Mint_EmptyBucket_IsRefusedUntilItFilled() external {
        for (uint64 i = 1; i <= 4; ++i) {
            _mint(i, ALICE, 500 * UNIT, 9000 * UNIT);
        }
        _expectRejected(5, token, TLCodes.BUCKET);
        _mint(5, ALICE, 500 * UNIT, 9000 * UNIT);
        vm.warp(block.timestamp + 6 hours - 1);
        _expectRejected(5, token, TLCodes.BUCKET);
        _mint(5, ALICE, 500 * UNIT, 9000 * UNIT);
        // What falls between two units is lost at each asking.
        vm.warp(block.timestamp + 2);
        _mint(5, ALICE, 500 * UNIT, 9000 * UNIT);
        _eq(token.balanceOf(ALICE), 2500 * UNIT);
    }

    function test_Mint_AboveCeiling_IsRefusedUntilSomeLeft() external {
        uint64 nonce = 0;
        for (; token.totalSupply() < 10_000 * UNIT; vm.warp(block.timestamp + 6 hours)) {
            ++nonce;
            _mint(nonce, ALICE, 500 * UNIT, 20_000 * UNIT);
        }
        vm.warp(block.timestamp + 1 days);
        _expectRejected(nonce + 1, token, TLCodes.CEILING);
        _mint(nonce + 1, ALICE, 1, 20_000 * UNIT);
        vm.prank(ALICE);
        bridge.burn(address(token), 1, RECIPIENT);
        _mint(nonce + 1, ALICE, 1, 20_000 * UNIT);
        _eq(token.totalSupply(), 10_000 * UNIT);
    }

    function test_Mint_MoreThanLocked_IsRefused() external {
        _mint(1, ALICE, 3 * UNIT, 5 * UNIT);
        _expectRejected(2, token, TLCodes.BACKING);
        _mint(2, ALICE, 3 * UNIT, 5 * UNIT);
        // The largest sum counts, whatever came after it.
        _mint(3, ALICE, 2 * UNIT, 1);
        _eq(bridge.state(address(token)).maxCumLocked, 5 * UNIT);
        // What was burned does not come back by the old locks.
        vm.prank(ALICE);
        bridge.burn(address(token), 3 * UNIT, RECIPIENT);
        _expectRejected(2, token, TLCodes.BACKING);
        _mint(2, ALICE, UNIT, 5 * UNIT);
        _mint(2, ALICE, UNIT, 6 * UNIT);
        _eq(token.totalSupply(), 3 * UNIT);
    }

    function test_Mint_OneBadReceiver_DoesNotStopTheOthers() external {
        vm.prank(ENFORCE);
        token.setAddressFrozen(BOB, true);
        MintItem[] memory items = new MintItem[](5);
        items[0] = MintItem(1, NOBODY, UNIT);
        items[1] = MintItem(2, BOB, UNIT);
        items[2] = MintItem(3, address(token), UNIT);
        items[3] = MintItem(4, address(bridge), UNIT);
        items[4] = MintItem(5, ALICE, UNIT);
        _expectRejected(1, token, TLCodes.RESTRICTED + TLCodes.RECEIVER);
        _expectRejected(2, token, TLCodes.RESTRICTED + TLCodes.RECEIVER_FROZEN);
        _expectRejected(3, token, TLCodes.RESTRICTED + TLCodes.RECEIVER);
        _expectRejected(4, token, TLCodes.RESTRICTED + TLCodes.RECEIVER);
        _mint(token, items, 5 * UNIT);
        _eq(token.balanceOf(ALICE), UNIT);
        _eq(token.totalSupply(), UNIT);
        TokenState memory state = bridge.state(address(token));
        _true(state.minted == UNIT && state.mintAvailable == state.mintCapacity - UNIT);
        // Registered since, the same lock is minted.
        vm.prank(REGISTRY);
        d.eligibility.setHolder(NOBODY, 1, 276, SOON, false);
        _mint(1, NOBODY, UNIT, 5 * UNIT);
        _eq(token.balanceOf(NOBODY), UNIT);
    }

    function test_Mint_TokenFailsWithoutReason_IsRefused() external {
        vm.mockCallRevert(address(token), abi.encodeWithSelector(TLToken.crosschainMint.selector), "");
        _expectRejected(1, token, TLCodes.FAILED);
        _mint(1, ALICE, UNIT, UNIT);
        vm.clearMockedCalls();
        _mint(1, ALICE, UNIT, UNIT);
        _eq(token.balanceOf(ALICE), UNIT);
    }

    function test_Mint_TooLittleGas_RevertsInsteadOfRefusing() external {
        MintItem[] memory items = _item(1, ALICE, UNIT);
        Proof memory proof = _hot(_batchDigest(address(token), items, SOON, UNIT));
        bool told = false;
        for (uint256 gas_ = 40_000; gas_ < 400_000; gas_ += 4_000) {
            try bridge.mintBatch{gas: gas_}(address(token), items, SOON, UNIT, proof) {
                _true(told && bridge.isConsumed(1));
                return;
            } catch (bytes memory why) {
                told = told || bytes4(why) == TLBridge.TooLittleGas.selector;
            }
        }
        _true(false);
    }

    function test_Mint_ItemGas_IsMoreThanAnItemNeeds() external {
        // The first of a token, to a new holder, everything cold, through the dearer rule.
        uint256 most = bridge.ITEM_GAS();
        vm.prank(address(bridge));
        uint256 before = gasleft();
        open.crosschainMint{gas: most * 62 / 64}(NOBODY, UNIT);
        _true(before - gasleft() < most * 2 / 3);
    }

    function test_Mint_WordWithMoreThanItsType_Reverts() external {
        for (uint256 i = 0; i < 3; ++i) {
            MintItem[] memory items = _item(1, ALICE, UNIT);
            // Signed as it stands, dirt and all: still no item.
            bytes memory data = abi.encodeCall(
                TLBridge.mintBatch,
                (address(token), items, SOON, UNIT, _hot(_batchDigest(address(token), items, SOON, UNIT)))
            );
            // Selector, five words of the head, the count, then the item.
            data[4 + 6 * 32 + i * 32] = 0x01;
            (bool done, bytes memory why) = address(bridge).call(data);
            _true(
                !done
                    && (bytes4(why) == TLProof.WrongSignature.selector
                        || bytes4(why) == TLBridge.BadItem.selector
                        || why.length == 0)
            );
        }
        _true(!bridge.isConsumed(1));
    }

    function test_Mint_DirtyItemThatIsSigned_Reverts() external {
        for (uint256 i = 0; i < 3; ++i) {
            uint256[3] memory words = [uint256(1), uint160(ALICE), UNIT];
            words[i] |= 1 << 255;
            bytes32 itemHash = keccak256(
                abi.encode(
                    keccak256("MintItem(uint64 nonce,address to,uint128 amount)"),
                    words[0],
                    words[1],
                    words[2]
                )
            );
            bytes32 typeHash = keccak256(
                "MintBatch(bytes32 ledgerId,uint64 epoch,address token,uint256 cumLocked,uint64 deadline,"
                "MintItem[] items)MintItem(uint64 nonce,address to,uint128 amount)"
            );
            bytes32 digest = _digest(
                "TLBridge",
                address(bridge),
                keccak256(
                    abi.encode(
                        typeHash,
                        LEDGER,
                        uint64(1),
                        address(token),
                        uint256(UNIT),
                        SOON,
                        keccak256(abi.encode(itemHash))
                    )
                )
            );
            bytes memory data = abi.encodeCall(
                TLBridge.mintBatch, (address(token), _item(1, ALICE, UNIT), SOON, UNIT, _hot(digest))
            );
            data[4 + 6 * 32 + i * 32] = 0x80;
            (bool done, bytes memory why) = address(bridge).call(data);
            _true(!done && (bytes4(why) == TLBridge.BadItem.selector || why.length == 0));
        }
    }

    function test_Void_ZeroNonce_Reverts() external {
        uint64[] memory nonces = new uint64[](1);
        Proof memory proof = _hot(_voidDigest(address(token), nonces));
        vm.expectPartialRevert(TLBridge.ZeroNonce.selector);
        bridge.voidNonces(address(token), nonces, proof);
    }

    function testFuzz_Mint_Amounts_KeepTheBooks(uint128[8] memory amounts, uint256[8] memory waits) external {
        uint256 supply = 0;
        for (uint64 i = 0; i < 8; ++i) {
            vm.warp(block.timestamp + waits[i] % 1 days);
            uint128 amount = amounts[i] % (600 * UNIT);
            uint256 locks = supply + 300 * UNIT;
            _mint(i + 1, ALICE, amount, locks);
            if (bridge.isConsumed(i + 1)) supply += amount;
            TokenState memory state = bridge.state(address(token));
            _eq(token.totalSupply(), supply);
            _true(state.minted == supply && state.minted <= state.maxCumLocked);
            _true(state.mintAvailable <= state.mintCapacity);
        }
    }
}
