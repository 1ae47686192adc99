/** Tests of the drop folder. */
@org.jspecify.annotations.NullMarked
package mansio.serve.dropfolder;
