// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {MintItem} from "../src/TLBridge.sol";
import {Proof} from "../src/TLProof.sol";
import {Base} from "./Base.sol";

/// @title What transactions cost, whole: 21,000, the call's bytes, and the execution with everything cold.
/// forge-config: default.isolate = true
contract GasTest is Base {
    uint64 private nonce;
    bool private prepared;
    uint256 private locked;

    function test_Single_4() external {
        _single(4, 105_000);
    }

    function test_Single_7() external {
        _single(7, 117_000);
    }

    function test_Single_16() external {
        _single(16, 153_000);
    }

    function test_Single_31() external {
        _single(31, 210_000);
    }

    /// @dev The first nonce of a word costs no more than another, once somebody has prepared it.
    function test_FirstOfWord_4() external {
        (nonce, prepared) = (253, true);
        _single(4, 105_000);
    }

    function test_FirstOfWord_31() external {
        (nonce, prepared) = (253, true);
        _single(31, 210_000);
    }

    /// @dev Else it writes a word that was empty: 17,100 more.
    function test_FirstOfWordUnprepared_4() external {
        nonce = 253;
        _single(4, 122_000);
    }

    function test_PrepareFour() external {
        _start(4);
        bridge.prepareNonces(1, 4);
        _within(115_000);
    }

    function test_Batch50_4() external {
        _batch(4);
    }

    function test_Batch50_7() external {
        _batch(7);
    }

    function test_Batch50_16() external {
        _batch(16);
    }

    function test_Batch50_31() external {
        _batch(31);
    }

    /// @dev Half of its nonces are in one word, half in the next.
    function test_Batch50OfTwoWords_31() external {
        (nonce, prepared) = (179, true);
        _batch(31);
    }

    function test_Burn() external {
        _start(4);
        _fund(ALICE, 100 * UNIT);
        vm.prank(ALICE);
        bridge.burn(address(token), UNIT, RECIPIENT);
        vm.warp(block.timestamp + 13);
        vm.prank(ALICE);
        bridge.burn(address(token), 5 * UNIT + 12345, RECIPIENT);
        _within(75_000);
    }

    function test_Transfer() external {
        _start(4);
        _fund(ALICE, 100 * UNIT);
        _fund(BOB, UNIT);
        vm.prank(ALICE);
        token.transfer(BOB, 5 * UNIT + 12345);
        _within(60_000);
    }

    function test_Register() external {
        _start(4);
        vm.prank(REGISTRY);
        d.eligibility.setHolder(NOBODY, 1, 276, SOON, false);
        _within(65_000);
    }

    function test_Rotate_4() external {
        _rotate(4, 75_000);
    }

    function test_Rotate_31() external {
        _rotate(31, 225_000);
    }

    function _single(uint256 n, uint256 budget) private {
        _start(n);
        _fund(ALICE, 100 * UNIT);
        _prepare();
        vm.warp(block.timestamp + 13);
        MintItem[] memory items = _item(nonce + 1, ALICE, 12_345_678);
        _send(items);
        _within(budget);
    }

    function _batch(uint256 n) private {
        _start(n);
        MintItem[] memory items = new MintItem[](50);
        for (uint160 i = 0; i < 50; ++i) {
            address holder = address(uint160(uint256(keccak256(abi.encode(i)))));
            vm.prank(REGISTRY);
            d.eligibility.setHolder(holder, 1, 276, SOON, false);
            _fund(holder, UNIT);
            items[i] = MintItem(0, holder, 1_234_567);
        }
        for (uint256 i = 0; i < 50; ++i) {
            items[i].nonce = nonce + 1 + uint64(i);
        }
        _prepare();
        vm.warp(block.timestamp + 13);
        _send(items);
        _within(50 * 23_000);
    }

    function _prepare() private {
        if (prepared) bridge.prepareNonces(1, 1);
    }

    function _rotate(uint256 n, uint256 budget) private {
        _start(n);
        (, address[] memory next) = _keys(9000, n);
        Proof memory proof = _hot(_rotateDigest(next, 2, 0));
        set.rotate(next, 2, 0, proof);
        _within(budget);
    }

    function _fund(address to, uint128 amount) private {
        ++nonce;
        locked += amount;
        _mint(nonce, to, amount, locked);
    }

    function _send(MintItem[] memory items) private {
        for (uint256 i = 0; i < items.length; ++i) {
            locked += items[i].amount;
        }
        Proof memory proof = _hot(_batchDigest(address(token), items, SOON, locked));
        uint256 before = token.totalSupply();
        bridge.mintBatch(address(token), items, SOON, locked, proof);
        uint256 used = vm.lastCallGas().gasTotalUsed;
        _true(token.totalSupply() > before);
        last = used;
    }

    uint256 private last;
    event Used(uint256 gas);

    function _within(uint256 budget) private {
        uint256 used = last == 0 ? vm.lastCallGas().gasTotalUsed : last;
        emit Used(used);
        require(used <= budget, string.concat(vm.toString(used), " gas is more than ", vm.toString(budget)));
    }
}
